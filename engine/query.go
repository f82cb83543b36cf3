package main

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// promQL is the language as Prometheus has it without feature flags.
var promQL = newCachingParser(parser.NewParser(parser.Options{}))

// defaultMaxSamples bounds one query and what one rule records. Prometheus' own default is 50 million; WebAssembly has 4 GiB at most.
const defaultMaxSamples = 10_000_000

// queries runs PromQL on a store.
type queries struct {
	overTimeline, atTick *promql.Engine
	store                *store
	evaluationIntervalMs int64
	// instantLimit is how many samples a query at one tick may hold, if that is fewer than over the timeline; else 0.
	instantLimit int
	// parts are results of expressions that can be selected like series, by number (see partLabel).
	parts map[string][]*series
}

// view is the store and the parts as a query sees them that runs at `horizon`.
func (q *queries) view(horizon int64) view { return view{q.store, q.parts, horizon} }

// limits are what distinguishes one query engine from another.
type limits struct {
	maxSamples           int
	evaluationIntervalMs int64
}

// engines are kept: making one costs as much as a small evaluation.
var engines = map[limits]*promql.Engine{}

func newQueries(s *store, t *timeline) *queries {
	q := &queries{store: s, parts: map[string][]*series{}, evaluationIntervalMs: t.evaluationIntervalMs, overTimeline: engineFor(limits{t.maxSamples, t.evaluationIntervalMs})}
	q.atTick = q.overTimeline
	if t.maxInstantSamples > 0 && t.maxInstantSamples < t.maxSamples {
		q.instantLimit = t.maxInstantSamples
		q.atTick = engineFor(limits{t.maxInstantSamples, t.evaluationIntervalMs})
	}
	return q
}

func engineFor(l limits) *promql.Engine {
	if engines[l] == nil {
		engines[l] = promql.NewEngine(promql.EngineOpts{
			MaxSamples: l.maxSamples,
			// The clock of a busy WebAssembly thread never fires; maxSamples is the limit that holds.
			Timeout: 24 * time.Hour,
			// A subquery without a step takes the default evaluation interval, as in Prometheus and promtool.
			NoStepSubqueryIntervalFn: func(int64) int64 { return l.evaluationIntervalMs },
			EnableAtModifier:         true,
			EnableNegativeOffset:     true,
			Parser:                   promQL,
		})
	}
	return engines[l]
}

// instant evaluates at `at` what is visible at `horizon` (both ms since the epoch). A scalar becomes one sample without labels.
func (q *queries) instant(expr string, at, horizon int64) (promql.Vector, error) {
	ctx := context.Background()
	query, err := q.atTick.NewInstantQuery(ctx, q.view(horizon), nil, expr, time.UnixMilli(at).UTC())
	if err != nil {
		return nil, err
	}
	defer query.Close()
	result := query.Exec(ctx)
	if result.Err != nil {
		return nil, result.Err
	}
	switch v := result.Value.(type) {
	case promql.Vector:
		return v, nil
	case promql.Scalar:
		return promql.Vector{{T: v.T, F: v.V, Metric: labels.EmptyLabels()}}, nil
	}
	return nil, errors.New("rule result is not a vector or scalar")
}

// overRange evaluates at start, start+step, …, end (ms), with everything in the store visible.
// The caller must `close` when it is done with the matrix.
func (q *queries) overRange(expr string, start, end, step int64) (matrix promql.Matrix, close func(), err error) {
	ctx := context.Background()
	query, err := q.overTimeline.NewRangeQuery(ctx, q.view(everything), nil, expr,
		time.UnixMilli(start).UTC(), time.UnixMilli(end).UTC(), time.Duration(step)*time.Millisecond)
	if err != nil {
		return nil, nil, err
	}
	result := query.Exec(ctx)
	if result.Err != nil {
		query.Close()
		return nil, nil, result.Err
	}
	matrix, err = result.Matrix()
	if err != nil {
		query.Close()
		return nil, nil, err
	}
	return matrix, query.Close, nil
}
