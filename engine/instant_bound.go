package main

import (
	"math"
	"sort"
	"time"

	"github.com/prometheus/prometheus/promql/parser"
)

// mayExceedInstant says whether a query at one tick might hold more samples than it may: then it must be run tick by
// tick, for a range query does not tell.
func (q *queries) mayExceedInstant(expr parser.Expr) bool {
	if q.instantLimit == 0 {
		return false
	}
	_, held := q.bound(expr, 1)
	return held > float64(q.instantLimit)
}

// bound gives, from above, the series that a node results in, and the samples that it and all below it hold when they
// are evaluated at so many steps. PromQL counts what a selector loads, one series' window at a time, and every result.
// A native histogram counts as several samples: how many is not worked out here.
func (q *queries) bound(node parser.Node, steps float64) (series, held float64) {
	switch n := node.(type) {
	case *parser.VectorSelector:
		for _, one := range q.view(everything).matching(n.LabelMatchers) {
			if one.histograms != nil {
				return 1, math.Inf(1)
			}
			series++
		}
		return series, series * steps
	case *parser.MatrixSelector:
		for _, one := range q.view(everything).matching(n.VectorSelector.(*parser.VectorSelector).LabelMatchers) {
			if one.histograms != nil {
				return 1, math.Inf(1)
			}
			series++
			held = max(held, one.mostWithin(n.Range.Milliseconds(), q.instantLimit))
		}
		return series, held
	case *parser.SubqueryExpr:
		step := n.Step
		if step == 0 {
			step = time.Duration(q.evaluationIntervalMs) * time.Millisecond
		}
		steps *= float64(n.Range/step) + 2
		series, held = q.bound(n.Expr, steps)
		return series, held + series*steps
	}
	series = 1
	for child := range parser.ChildrenIter(node) {
		below, heldBelow := q.bound(child, steps)
		series += below
		held += heldBelow
	}
	return series, held + series*steps
}

// mostWithin bounds how many samples any window of this length holds. It is exact where there are more than `enough`.
func (s *series) mostWithin(windowMs int64, enough int) float64 {
	if len(s.timestamps) <= enough {
		return float64(len(s.timestamps))
	}
	most := 0
	for from, t := range s.timestamps {
		rest := s.timestamps[from:]
		most = max(most, sort.Search(len(rest), func(i int) bool { return rest[i] > t+windowMs }))
	}
	return float64(most)
}
