package main

import (
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/promql"
)

// answer describes an evaluation and runs a request's own queries on the store as the rules left it.
func (e *evaluation) answer(asked []rangeQuery) *evaluateResult {
	answer := &evaluateResult{
		Alerts: e.alerts(), Errors: e.errors(), Queries: []queryResult{}, ModeUsed: e.modeUsed, ModeReason: e.modeReason,
		Stats: stats{Rules: len(e.runs), Samples: e.store.held()},
	}
	for _, one := range e.runs {
		if one.instants {
			answer.Stats.InstantRules++
		}
	}
	for _, q := range asked {
		answered := queryResult{ID: q.ID, Series: []querySeries{}}
		series, err := e.rangeOrInstants(q)
		if err != nil {
			answered.Error = err.Error()
		} else if series != nil {
			answered.Series = series
		}
		answer.Queries = append(answer.Queries, answered)
	}
	return answer
}

// rangeOrInstants falls back as rules do: a graph should show what each single instant gives.
func (e *evaluation) rangeOrInstants(q rangeQuery) ([]querySeries, error) {
	step := max(q.StepMs, 1)
	matrix, done, err := e.queries.overRange(q.Expr, q.StartMs, q.EndMs, step)
	if err == nil {
		defer done()
		return describeMatrix(matrix), nil
	}
	var rows promql.Matrix
	at := map[uint64]int{}
	for t := q.StartMs; t <= q.EndMs; t += step {
		vector, err := e.queries.instant(q.Expr, t, everything)
		if err != nil {
			return nil, err
		}
		for _, sample := range vector {
			hash := sample.Metric.Hash()
			if _, known := at[hash]; !known {
				at[hash] = len(rows)
				rows = append(rows, promql.Series{Metric: sample.Metric})
			}
			if sample.H == nil {
				rows[at[hash]].Floats = append(rows[at[hash]].Floats, promql.FPoint{T: t, F: sample.F})
			}
		}
	}
	slices.SortFunc(rows, func(a, b promql.Series) int { return labels.Compare(a.Metric, b.Metric) })
	return describeMatrix(rows), nil
}

// describeMatrix leaves out native histograms: they are not numbers.
func describeMatrix(matrix promql.Matrix) (found []querySeries) {
	for _, s := range matrix {
		described := querySeries{Labels: s.Metric.Map(), TimestampsMs: []int64{}, Values: []number{}}
		for _, p := range s.Floats {
			if !value.IsStaleNaN(p.F) {
				described.TimestampsMs = append(described.TimestampsMs, p.T)
				described.Values = append(described.Values, number(p.F))
			}
		}
		found = append(found, described)
	}
	return found
}
