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

// sharedParts are the parts that stand in the rules of a set more than once, and those that trials asked for.
type sharedParts struct {
	all map[partOf]*part
	// asked are parts that stand in a rule once.
	asked map[partOf]*part
	// ofRules holds the rules' expressions with shared parts in them, by index; texts all that could be parts of them.
	ofRules []rewritten
	texts   []map[string]bool
}

func shareParts(rules []*rule) *sharedParts {
	times := map[partOf]int{}
	shared := &sharedParts{all: map[partOf]*part{}, asked: map[partOf]*part{}}
	for _, r := range rules {
		texts := map[string]bool{}
		for _, text := range partsOf(r.expr) {
			times[r.group.part(text)]++
			texts[text] = true
		}
		shared.texts = append(shared.texts, texts)
	}
	for _, r := range rules {
		shared.ofRules = append(shared.ofRules, rewrite(parsed(r.query), func(one parser.Expr) *part {
			return shared.of(r.group.part(one.String()), times)
		}))
	}
	return shared
}

func (s *sharedParts) of(from partOf, times map[partOf]int) *part {
	if s.all[from] == nil && times[from] > 1 {
		made := rewriteInside(from.text, func(inner parser.Expr) *part {
			return s.of(partOf{inner.String(), from.intervalMs, from.offsetMs}, times)
		})
		s.all[from] = &part{"shared" + strconv.Itoa(len(s.all)), made}
	}
	return s.all[from]
}

// standsIn says whether a text could be a part of a rule's expression.
func (s *sharedParts) standsIn(r *rule, text string) bool { return s.texts[r.index][text] }

// one gives a part, by shared ones, whether it is shared itself or not.
func (s *sharedParts) one(from partOf) *part {
	if known := s.all[from]; known != nil {
		return known
	}
	if s.asked[from] == nil {
		made := rewriteInside(from.text, func(inner parser.Expr) *part {
			return s.all[partOf{inner.String(), from.intervalMs, from.offsetMs}]
		})
		s.asked[from] = &part{strconv.Itoa(len(s.asked)), made}
	}
	return s.asked[from]
}

// ofRule gives a rule's expression with shared parts in it; none for rules that were changed.
func (s *sharedParts) ofRule(index int) rewritten {
	if s == nil {
		return rewritten{}
	}
	return s.ofRules[index]
}

func (g *group) part(text string) partOf { return partOf{text, g.intervalMs, g.offsetMs} }

// parsed gives the tree of what was printed from one, to be changed at will.
func parsed(query string) parser.Expr {
	expr, err := promQL.ParseExpr(query)
	if err != nil {
		panic(err) // the parser printed it
	}
	return expr
}

// rewrite puts parts into an expression, the largest that there are.
func rewrite(expr parser.Expr, find func(parser.Expr) *part) rewritten {
	var needs []*part
	expr = replaceParts(expr, func(one parser.Expr) parser.Expr {
		found := find(one)
		if found == nil {
			return nil
		}
		if !slices.Contains(needs, found) {
			needs = append(needs, found)
		}
		return selectorOf(found.name)
	})
	query := expr.String()
	promQL.remember(query, expr)
	return rewritten{expr, query, needs}
}

// rewriteInside puts none in place of the whole.
func rewriteInside(text string, find func(parser.Expr) *part) rewritten {
	whole := parsed(text)
	return rewrite(whole, func(one parser.Expr) *part {
		if one == whole {
			return nil
		}
		return find(one)
	})
}

// selectorOf reads what a part gave.
func selectorOf(name string) parser.Expr {
	matcher := labels.MustNewMatcher(labels.MatchEqual, partLabel, name)
	return &parser.VectorSelector{LabelMatchers: []*labels.Matcher{matcher}}
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

// replaceParts offers each part of an expression that could be read from series instead, the largest first, and puts
// what it gets in its place, if anything.
func replaceParts(expr parser.Expr, offer func(parser.Expr) parser.Expr) parser.Expr {
	if reusable(expr) {
		if instead := offer(expr); instead != nil {
			return instead
		}
	}
	for _, operand := range operands(expr) {
		*operand = replaceParts(*operand, offer)
	}
	return expr
}

// operands are what an expression consists of, as far as results may stand in the place of it.
func operands(expr parser.Expr) (all []*parser.Expr) {
	switch e := expr.(type) {
	case *parser.ParenExpr:
		all = append(all, &e.Expr)
	case *parser.UnaryExpr:
		all = append(all, &e.Expr)
	case *parser.BinaryExpr:
		all = append(all, &e.LHS, &e.RHS)
	case *parser.AggregateExpr:
		if e.Param != nil {
			all = append(all, &e.Param)
		}
		if !keepsFirst(e.Op) && !roundsInOrder(e.Op) {
			all = append(all, &e.Expr)
		}
	case *parser.Call:
		for i := range e.Args {
			// These two look at the selector itself that they are given.
			if e.Func.Name != "absent" && e.Func.Name != "timestamp" {
				all = append(all, &e.Args[i])
			}
		}
	}
	return all
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
