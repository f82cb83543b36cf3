package main

import (
	"slices"
	"strconv"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// Rules share parts of their expressions: a percentile's buckets, a warning's and a critical alert's signal. So does a
// changed expression with the one it was made from: `sum(rate(x[5m])) > 5` and `… > 2.5` differ in the last number only.
// Such a part is evaluated once, and expressions read its result like series.

// partLabel selects, by its name, what a part gave. No series has such a label.
const partLabel = "__firedrill_part__"

// part is a part of expressions that is evaluated by itself; it may have parts, too.
type part struct {
	name string
	rewritten
}

// partOf says what a part gives: the same text at the same times.
type partOf struct {
	text                 string
	intervalMs, offsetMs int64
}

// rewritten is an expression that reads parts: those that it needs.
type rewritten struct {
	expr  parser.Expr
	query string
	needs []*part
}

// sharedParts are the parts that stand in the rules of a set more than once.
type sharedParts struct {
	all map[partOf]*part
	// ofRules holds the rules' expressions with these parts in them, by index.
	ofRules []rewritten
}

func shareParts(rules []*rule) *sharedParts {
	times := map[partOf]int{}
	for _, r := range rules {
		for _, text := range partsOf(r.expr) {
			times[r.group.part(text)]++
		}
	}
	shared := &sharedParts{all: map[partOf]*part{}}
	for _, r := range rules {
		shared.ofRules = append(shared.ofRules, rewrite(r.query, false, func(one parser.Expr) *part {
			return shared.of(r.group.part(one.String()), times)
		}))
	}
	return shared
}

func (s *sharedParts) of(from partOf, times map[partOf]int) *part {
	if s.all[from] == nil && times[from] > 1 {
		made := rewrite(from.text, true, func(inner parser.Expr) *part {
			return s.of(partOf{inner.String(), from.intervalMs, from.offsetMs}, times)
		})
		s.all[from] = &part{"shared" + strconv.Itoa(len(s.all)), made}
	}
	return s.all[from]
}

// ofRule gives a rule's expression with shared parts in it; none for rules that were changed.
func (s *sharedParts) ofRule(index int) rewritten {
	if s == nil {
		return rewritten{}
	}
	return s.ofRules[index]
}

func (g *group) part(text string) partOf { return partOf{text, g.intervalMs, g.offsetMs} }

// rewrite puts parts into an expression, the largest that there are; with `inside`, none in place of the whole.
func rewrite(query string, inside bool, find func(parser.Expr) *part) rewritten {
	expr, err := promQL.ParseExpr(query)
	if err != nil {
		panic(err) // the parser printed it
	}
	var needs []*part
	whole := expr
	expr = replaceParts(expr, func(one parser.Expr) parser.Expr {
		if inside && one == whole {
			return nil
		}
		found := find(one)
		if found == nil {
			return nil
		}
		if !slices.Contains(needs, found) {
			needs = append(needs, found)
		}
		matcher := labels.MustNewMatcher(labels.MatchEqual, partLabel, found.name)
		return &parser.VectorSelector{LabelMatchers: []*labels.Matcher{matcher}}
	})
	if needs == nil {
		return rewritten{expr, query, nil}
	}
	return rewritten{expr, expr.String(), needs}
}

// resultWithParts evaluates a rule by way of parts, if each of them can be evaluated at every tick.
func (e *evaluation) resultWithParts(r *rule, by rewritten) (found *result, done func()) {
	// A rule by itself may hold more samples than one in parts.
	if len(by.needs) == 0 || e.queries.mayExceedInstant(r.expr) || !e.haveParts(by.needs, r.group) {
		return e.resultOf(r.expr, r.query, r.group)
	}
	return e.resultOf(by.expr, by.query, r.group)
}

// haveParts evaluates parts, each once.
func (e *evaluation) haveParts(all []*part, g *group) bool {
	for _, one := range all {
		if _, known := e.queries.parts[one.name]; known {
			continue
		}
		if e.brokenParts[one.name] {
			return false
		}
		if e.haveParts(one.needs, g) {
			if found, done := e.resultOf(one.expr, one.query, g); len(found.failures) == 0 && e.partsRoom.keep(found) {
				e.queries.parts[one.name] = found.asSeries(e.timeline, g)
				done()
				continue
			}
		}
		e.brokenParts[one.name] = true
		return false
	}
	return true
}

// asSeries turns a result into series that give at each tick what it gave: a marker ends them where it gave nothing.
func (r *result) asSeries(t *timeline, g *group) (all []*series) {
	for _, from := range r.rows {
		s := &series{labels: from.source.metric}
		size := len(from.floats) + len(from.histograms) + 1
		s.timestamps, s.floats = make([]int64, 0, size), make([]float64, 0, size)
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

// partsOf gives the texts of all that could be parts of an expression.
func partsOf(expr parser.Expr) (texts []string) {
	replaceParts(expr, func(one parser.Expr) parser.Expr {
		texts = append(texts, one.String())
		return nil
	})
	return texts
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
		if !keepsFirst(e.Op) && !roundsInOrder(e.Op) {
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
