package main

import (
	"fmt"
	"slices"

	"github.com/prometheus/prometheus/promql/parser"
)

// cachingParser remembers expressions: where a rule is evaluated tick by tick, parsing its text each time, and compiling
// its regular expressions, would take longer than evaluating it.
type cachingParser struct {
	parser.Parser
	known map[string]parser.Expr
	bytes int
}

// mostParsedBytes bounds the texts of remembered expressions.
const mostParsedBytes = 4 << 20

func newCachingParser(p parser.Parser) *cachingParser {
	return &cachingParser{Parser: p, known: map[string]parser.Expr{}}
}

// ParseExpr gives a tree of its own at each call: evaluating one changes it.
func (p *cachingParser) ParseExpr(text string) (parser.Expr, error) {
	if known, ok := p.known[text]; ok {
		return copyExpr(known), nil
	}
	if err := checkNesting(text); err != nil {
		return nil, err
	}
	expr, err := p.Parser.ParseExpr(text)
	if err != nil {
		return expr, err
	}
	p.remember(text, expr)
	return expr, nil
}

// remember notes what a text is parsed to, or was printed from: its regular expressions need not be compiled again. Where
// in the text the parts of what was printed stand is not known then; no message about a rule names such a place.
func (p *cachingParser) remember(text string, expr parser.Expr) {
	if p.known[text] != nil {
		return
	}
	if p.bytes += len(text); p.bytes > mostParsedBytes {
		clear(p.known)
		p.bytes = len(text)
	}
	p.known[text] = copyExpr(expr)
}

// copyExpr copies a tree as the parser makes it. What is never changed, such as matchers, is shared.
func copyExpr(expr parser.Expr) parser.Expr {
	switch e := expr.(type) {
	case nil:
		return nil
	case *parser.NumberLiteral:
		c := *e
		return &c
	case *parser.StringLiteral:
		c := *e
		return &c
	case *parser.VectorSelector:
		c := *e
		return &c
	case *parser.MatrixSelector:
		c := *e
		c.VectorSelector = copyExpr(e.VectorSelector)
		return &c
	case *parser.SubqueryExpr:
		c := *e
		c.Expr = copyExpr(e.Expr)
		return &c
	case *parser.ParenExpr:
		c := *e
		c.Expr = copyExpr(e.Expr)
		return &c
	case *parser.UnaryExpr:
		c := *e
		c.Expr = copyExpr(e.Expr)
		return &c
	case *parser.AggregateExpr:
		c := *e
		c.Expr, c.Param, c.Grouping = copyExpr(e.Expr), copyExpr(e.Param), slices.Clone(e.Grouping)
		return &c
	case *parser.BinaryExpr:
		c := *e
		c.LHS, c.RHS = copyExpr(e.LHS), copyExpr(e.RHS)
		if e.VectorMatching != nil {
			matching := *e.VectorMatching
			matching.MatchingLabels, matching.Include = slices.Clone(matching.MatchingLabels), slices.Clone(matching.Include)
			c.VectorMatching = &matching
		}
		return &c
	case *parser.Call:
		c := *e
		c.Args = make(parser.Expressions, len(e.Args))
		for i, argument := range e.Args {
			c.Args[i] = copyExpr(argument)
		}
		return &c
	}
	panic(fmt.Sprintf("the parser made a %T, which it does not without feature flags", expr))
}
