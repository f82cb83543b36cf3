package main

import (
	"fmt"
	"slices"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// result is what an expression gives over the ticks of a group.
type result struct {
	// rows are in the order of their labels.
	rows []row
	// failures are the ticks at which it could not be evaluated, ascending.
	failures []failedTick
	// instants: it was evaluated tick by tick.
	instants bool
}

type failedTick struct {
	tick int64
	err  error
}

// row is one series of a result. Its times are those of the query: a group's query_offset before the tick.
type row struct {
	source     *source
	floats     []promql.FPoint
	histograms []promql.HPoint
}

// at gives the element at a time and forgets what is earlier.
func (r *row) at(t int64) (element, bool) {
	for len(r.floats) > 0 && r.floats[0].T < t {
		r.floats = r.floats[1:]
	}
	if len(r.floats) > 0 && r.floats[0].T == t {
		return element{source: r.source, f: r.floats[0].F}, true
	}
	for len(r.histograms) > 0 && r.histograms[0].T < t {
		r.histograms = r.histograms[1:]
	}
	if len(r.histograms) > 0 && r.histograms[0].T == t {
		return element{source: r.source, h: r.histograms[0].H.Copy()}, true // the query's own may go back to a pool
	}
	return element{}, false
}

func (r *result) samples() (count int) {
	for _, one := range r.rows {
		count += promql.Matrix{{Floats: one.floats, Histograms: one.histograms}}.TotalSamples()
	}
	return count
}

// resultOf evaluates an expression over a group's ticks: by one range query, where that gives what a query at each tick
// would. Call `done` when the result is not to be used any more; one that is kept is not done.
func (e *evaluation) resultOf(expr parser.Expr, query string, g *group) (found *result, done func()) {
	t := e.timeline
	if !needsInstants(expr) && !e.queries.mayExceedInstant(expr) {
		matrix, done, err := e.queries.overRange(query, t.startMs-g.offsetMs, t.endMs-g.offsetMs, t.interval(g))
		// As a whole it may fail where each single instant is fine ("vector cannot contain metrics with the same
		// labelset", too many samples).
		if err == nil {
			found = &result{rows: make([]row, len(matrix))}
			for i, s := range matrix {
				found.rows[i] = row{&source{metric: s.Metric}, s.Floats, s.Histograms}
			}
			return found, done
		}
	}
	return e.instants(query, g), func() {}
}

// instants evaluates an expression tick by tick.
func (e *evaluation) instants(query string, g *group) *result {
	t := e.timeline
	found := &result{instants: true}
	known := sources{}
	at := map[*source]int{}
	room := t.maxSamples
	for tick := t.startMs; tick <= t.endMs; tick += t.interval(g) {
		vector, err := e.queries.instant(query, tick-g.offsetMs, tick)
		if room -= vector.TotalSamples(); err == nil && room < 0 {
			err = fmt.Errorf("gives more than %d samples over the timeline, the limit (maxSamples): %s", t.maxSamples, fewerSamples)
		}
		if err != nil {
			found.failures = append(found.failures, failedTick{tick, err})
			continue
		}
		for _, sample := range vector {
			from := known.of(sample.Metric)
			i, ok := at[from]
			if !ok {
				i = len(found.rows)
				at[from] = i
				found.rows = append(found.rows, row{source: from})
			}
			found.rows[i].add(tick-g.offsetMs, sample.F, sample.H)
		}
	}
	slices.SortFunc(found.rows, func(a, b row) int { return labels.Compare(a.source.metric, b.source.metric) })
	return found
}

func (r *row) add(t int64, f float64, h *histogram.FloatHistogram) {
	if h != nil {
		r.histograms = append(r.histograms, promql.HPoint{T: t, H: h})
	} else {
		r.floats = append(r.floats, promql.FPoint{T: t, F: f})
	}
}

// withOwnSources gives the result for a rule that makes other labels of it.
func (r *result) withOwnSources() *result {
	own := *r
	own.rows = slices.Clone(r.rows)
	for i := range own.rows {
		own.rows[i].source = &source{metric: r.rows[i].source.metric}
	}
	return &own
}
