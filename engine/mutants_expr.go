package main

import (
	"fmt"

	"github.com/prometheus/prometheus/promql/parser"
)

// Faults of an expression: one node of the parsed expression is changed, and the whole printed again.

// exprFaults are the kinds of faults of expressions. Each gives those that it finds at one place.
var exprFaults = []struct {
	name  string
	edits func(s site) []edit
}{
	{"threshold", thresholdEdits},
	{"guard value", guardEdits},
	{"quantile", quantileEdits},
	{"number", numberEdits},
	{"comparison strictness", strictnessEdits},
	{"comparison direction", directionEdits},
	{"bool", boolEdits},
	{"arithmetic", arithmeticEdits},
	{"operands swapped", swapEdits},
	{"set operator", setOperatorEdits},
	{"clause dropped", clauseEdits},
	{"vector matching", matchingEdits},
	{"aggregation", aggregationEdits},
	{"aggregation label", groupingEdits},
	{"function", functionEdits},
	{"window", windowEdits},
	{"offset", offsetEdits},
	{"matcher", matcherEdits},
}

// site is a place in an expression: the node, and those above it from the root down.
type site struct {
	node  parser.Expr
	above []parser.Expr
}

// fits puts an expression that is to stand at this place into parentheses where its operator could bind to its
// neighbours.
func (s site) fits(node parser.Expr) parser.Expr {
	if len(s.above) == 0 {
		return node
	}
	switch s.above[len(s.above)-1].(type) {
	case *parser.BinaryExpr, *parser.UnaryExpr, *parser.SubqueryExpr:
		return bracketed(node)
	}
	return node
}

// edit is one fault at a place. `apply` gets the node of the same place in a copy, which it may change, and gives what
// is to stand there.
type edit struct {
	description string
	apply       func(node parser.Expr) parser.Expr
}

// change makes an edit that changes a node but leaves it where it is.
func change[N parser.Expr](description string, apply func(n N)) edit {
	return edit{description, func(node parser.Expr) parser.Expr {
		apply(node.(N))
		return node
	}}
}

func exprOperators() (operators []ruleOperator) {
	for _, kind := range exprFaults {
		operators = append(operators, ruleOperator{kind.name, func(r *rule) (found []fault) {
			for number, s := range sitesOf(r.expr) {
				for _, e := range kind.edits(s) {
					if text, ok := edited(r.query, number, e); ok {
						found = append(found, fault{e.description, ruleChange{Expr: &text}})
					}
				}
			}
			return found
		}})
	}
	return operators
}

// sitesOf lists every place, a node before those below it.
func sitesOf(root parser.Expr) (found []site) {
	var visit func(node parser.Expr, above []parser.Expr)
	visit = func(node parser.Expr, above []parser.Expr) {
		found = append(found, site{node, above})
		// Cut to its length, so that no two places share what is appended.
		below := append(above[:len(above):len(above)], node)
		for _, child := range childrenOf(node) {
			visit(*child, below)
		}
	}
	visit(root, nil)
	return found
}

// childrenOf gives the expressions directly below one, where they can be replaced.
func childrenOf(node parser.Expr) (children []*parser.Expr) {
	switch n := node.(type) {
	case *parser.AggregateExpr:
		if n.Param != nil {
			children = append(children, &n.Param)
		}
		return append(children, &n.Expr)
	case *parser.BinaryExpr:
		return []*parser.Expr{&n.LHS, &n.RHS}
	case *parser.Call:
		for i := range n.Args {
			children = append(children, &n.Args[i])
		}
	case *parser.MatrixSelector:
		return []*parser.Expr{&n.VectorSelector}
	case *parser.SubqueryExpr:
		return []*parser.Expr{&n.Expr}
	case *parser.ParenExpr:
		return []*parser.Expr{&n.Expr}
	case *parser.UnaryExpr:
		return []*parser.Expr{&n.Expr}
	}
	return children
}

// edited applies an edit to the place with this number in a copy. Not ok: what came out is no PromQL, such as a selector
// without any matcher; nobody could deploy that fault.
func edited(query string, number int, e edit) (text string, ok bool) {
	root, err := promQL.ParseExpr(query)
	if err != nil {
		return "", false
	}
	at := -1
	var visit func(slot *parser.Expr)
	visit = func(slot *parser.Expr) {
		if at++; at == number {
			*slot = e.apply(*slot)
			return
		}
		for _, child := range childrenOf(*slot) {
			if at < number {
				visit(child)
			}
		}
	}
	visit(&root)
	parsed, err := promQL.ParseExpr(root.String())
	if err != nil {
		return "", false
	}
	return parsed.String(), true
}

func bracketed(node parser.Expr) parser.Expr {
	switch node.(type) {
	case *parser.BinaryExpr, *parser.UnaryExpr:
		return &parser.ParenExpr{Expr: node}
	}
	return node
}

// subjectOf names what an expression is about, so that a description says which of several places it means: its first
// metric.
func subjectOf(node parser.Expr) string {
	for _, s := range selectors(node) {
		if s.Name != "" {
			return s.Name
		}
	}
	return ""
}

// about appends what an expression is about.
func about(what, preposition string, node parser.Expr) string {
	if subject := subjectOf(node); subject != "" {
		return fmt.Sprintf("%s %s %s", what, preposition, subject)
	}
	return what
}
