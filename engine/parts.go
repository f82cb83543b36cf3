package main

import (
	"strconv"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// A changed expression shares most of its parts with the one it was made from: in `sum(rate(x[5m])) > 5` and `… > 2.5`
// all is the same but the last number. Such parts are evaluated once a case, and a changed expression reads their
// results like series.

// partLabel selects, by number, what a part of an expression gave. No series has such a label.
const partLabel = "__firedrill_part__"

// part is an unchanged part of an expression and what it gave.
type part struct {
	number int
	// known: it could be evaluated at every tick; else it stays in the expression.
	known bool
}

type partKey struct {
	query                string
	intervalMs, offsetMs int64
}

// parts are those of a case.
type parts struct {
	byKey map[partKey]*part
	// ofRule holds the texts of the parts of the base's expressions.
	ofRule map[*rule]map[string]bool
}

func newParts() *parts { return &parts{map[partKey]*part{}, map[*rule]map[string]bool{}} }

// reuse gives a changed rule's expression with the parts that it shares with the base's replaced by their results.
func (p *parts) reuse(c *evaluationCase, changed *rule) (parser.Expr, string) {
	base := c.base.rules.rules[changed.index]
	if p.ofRule[base] == nil {
		p.ofRule[base] = partsOf(base.expr)
	}
	known := p.ofRule[base]
	replaced := false
	expr, err := promQL.ParseExpr(changed.query)
	if err != nil {
		panic(err) // it has just been printed by the parser
	}
	expr = replaceParts(expr, func(found parser.Expr) parser.Expr {
		if !known[found.String()] {
			return nil
		}
		one := p.of(c, found, changed.group)
		if !one.known {
			return nil
		}
		replaced = true
		matcher := labels.MustNewMatcher(labels.MatchEqual, partLabel, strconv.Itoa(one.number))
		return &parser.VectorSelector{LabelMatchers: []*labels.Matcher{matcher}}
	})
	if !replaced {
		return changed.expr, changed.query
	}
	return expr, expr.String()
}

// of evaluates a part, once.
func (p *parts) of(c *evaluationCase, expr parser.Expr, g *group) *part {
	t := c.base.timeline
	key := partKey{expr.String(), t.interval(g), g.offsetMs}
	if p.byKey[key] == nil {
		one := &part{number: len(p.byKey)}
		p.byKey[key] = one
		found, _ := c.base.resultOf(expr, key.query, g)
		if len(found.failures) == 0 && c.keeping.keep(found) {
			one.known = true
			c.base.queries.parts[strconv.Itoa(one.number)] = found.asSeries(t, g)
		}
	}
	return p.byKey[key]
}

// asSeries turns a result into series that give at each tick what it gave: a marker ends them where it gave nothing.
func (r *result) asSeries(t *timeline, g *group) (all []*series) {
	for _, from := range r.rows {
		s := &series{labels: from.source.metric}
		present := false
		for tick := t.startMs; tick <= t.endMs; tick += t.interval(g) {
			at := tick - g.offsetMs
			found, ok := from.at(at)
			if ok {
				s.insert(len(s.timestamps), at, found.f, found.h)
			} else if present {
				s.insert(len(s.timestamps), at, staleMarker, nil)
			}
			present = ok
		}
		all = append(all, s)
	}
	return all
}

// partsOf gives the texts of all parts of an expression that can be reused.
func partsOf(expr parser.Expr) map[string]bool {
	found := map[string]bool{}
	replaceParts(expr, func(one parser.Expr) parser.Expr {
		found[one.String()] = true
		return nil
	})
	return found
}

// replaceParts offers every part of an expression that could be read from series instead, the largest first, and puts
// what it gets in its place, if anything.
func replaceParts(expr parser.Expr, offer func(parser.Expr) parser.Expr) parser.Expr {
	if reusable(expr) {
		if instead := offer(expr); instead != nil {
			return instead
		}
	}
	switch e := expr.(type) {
	case *parser.ParenExpr:
		e.Expr = replaceParts(e.Expr, offer)
	case *parser.UnaryExpr:
		e.Expr = replaceParts(e.Expr, offer)
	case *parser.BinaryExpr:
		e.LHS, e.RHS = replaceParts(e.LHS, offer), replaceParts(e.RHS, offer)
	case *parser.AggregateExpr:
		if e.Param != nil {
			e.Param = replaceParts(e.Param, offer)
		}
		if !keepsFirst(e.Op) {
			e.Expr = replaceParts(e.Expr, offer)
		}
	case *parser.Call:
		for i := range e.Args {
			// These two look at the selector itself that they are given.
			if e.Func.Name != "absent" && e.Func.Name != "timestamp" {
				e.Args[i] = replaceParts(e.Args[i], offer)
			}
		}
	}
	return expr
}

// reusable says whether a part gives a vector and takes more than a look into the store.
func reusable(expr parser.Expr) bool {
	if expr.Type() != parser.ValueTypeVector {
		return false
	}
	inner := expr
	for paren, ok := inner.(*parser.ParenExpr); ok; paren, ok = inner.(*parser.ParenExpr) {
		inner = paren.Expr
	}
	_, plain := inner.(*parser.VectorSelector)
	return !plain
}
