package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/util/convertnhcb"
)

// Queries on series in Prometheus' notation, answered as Prometheus answers them: any type of result, native histograms,
// warnings. Times are ms since the epoch; the first value of every series stands at 0.

type askRequest struct {
	Loads                []notedLoad  `json:"loads"`
	Queries              []askedQuery `json:"queries"`
	EvaluationIntervalMs int64        `json:"evaluationIntervalMs"`
}

// notedLoad is lines of series whose values are IntervalMs apart. ClassicToNative also stores classic histograms as
// native ones with custom buckets.
type notedLoad struct {
	IntervalMs      int64    `json:"intervalMs"`
	Lines           []string `json:"lines"`
	ClassicToNative bool     `json:"classicToNative"`
}

// askedQuery is evaluated at AtMs, or from StartMs to EndMs every StepMs.
type askedQuery struct {
	Expr    string `json:"expr"`
	AtMs    *int64 `json:"atMs"`
	StartMs int64  `json:"startMs"`
	EndMs   int64  `json:"endMs"`
	StepMs  int64  `json:"stepMs"`
}

type askedAnswer struct {
	Error    string        `json:"error,omitempty"`
	Type     string        `json:"type,omitempty"`
	Series   []notedResult `json:"series,omitempty"`
	Text     string        `json:"text,omitempty"`
	Warnings []string      `json:"warnings,omitempty"`
	Infos    []string      `json:"infos,omitempty"`
}

func ask(request *askRequest) ([]askedAnswer, error) {
	s := newStore(nil)
	for _, load := range request.Loads {
		if err := load.into(s); err != nil {
			return nil, err
		}
	}
	q := newQueries(s, &timeline{maxSamples: defaultMaxSamples, evaluationIntervalMs: request.EvaluationIntervalMs})
	answers := make([]askedAnswer, len(request.Queries))
	for i, one := range request.Queries {
		answers[i] = q.ask(one)
	}
	return answers, nil
}

// far is later than anything that is loaded.
const far = 1 << 50

func (l notedLoad) into(s *store) error {
	series := make([]notedSeries, len(l.Lines))
	for i, line := range l.Lines {
		series[i].Series = line
	}
	if _, fault := loadNotation(s, series, notedTimes{intervalMs: l.IntervalMs, lastMs: far, evaluationIntervalMs: far}); fault != nil {
		return fmt.Errorf("%q: %w", l.Lines[fault.at], fault.err)
	}
	if l.ClassicToNative {
		return l.convert(s)
	}
	return nil
}

// convert does what Prometheus does with convert_classic_histograms_to_nhcb (promql/promqltest/test.go, appendCustomHistogram).
func (l notedLoad) convert(s *store) error {
	type converted struct {
		labels labels.Labels
		at     map[int64]*convertnhcb.TempHistogram
	}
	byBase := map[string]*converted{}
	for _, line := range l.Lines {
		lset, values, err := promQL.ParseSeriesDesc(line)
		if err != nil {
			return err
		}
		suffix, name := convertnhcb.GetHistogramMetricBaseName(lset.Get(labels.MetricName))
		if suffix == convertnhcb.SuffixNone {
			continue
		}
		upper, err := strconv.ParseFloat(lset.Get(labels.BucketLabel), 64)
		if suffix == convertnhcb.SuffixBucket && (err != nil || math.IsNaN(upper)) {
			continue
		}
		base := convertnhcb.GetHistogramMetricBase(lset, name)
		if byBase[base.String()] == nil {
			byBase[base.String()] = &converted{base, map[int64]*convertnhcb.TempHistogram{}}
		}
		at := byBase[base.String()].at
		for i, v := range values {
			if v.Omitted || v.Histogram != nil {
				continue
			}
			t := int64(i) * l.IntervalMs
			if at[t] == nil {
				fresh := convertnhcb.NewTempHistogram()
				at[t] = &fresh
			}
			switch suffix {
			case convertnhcb.SuffixBucket:
				_ = at[t].SetBucketCount(upper, v.Value)
			case convertnhcb.SuffixCount:
				_ = at[t].SetCount(v.Value)
			case convertnhcb.SuffixSum:
				_ = at[t].SetSum(v.Value)
			}
		}
	}
	for _, one := range byBase {
		times := make([]int64, 0, len(one.at))
		for t := range one.at {
			times = append(times, t)
		}
		slices.Sort(times)
		for _, t := range times {
			whole, float, err := one.at[t].Convert()
			if err != nil {
				return err
			}
			if float == nil {
				float = whole.ToFloat(nil)
			}
			if err := s.append(s.series(one.labels, fromInput, 0), everything, t, 0, float); err != nil {
				return err
			}
		}
	}
	return nil
}

func (q *queries) ask(one askedQuery) (answer askedAnswer) {
	ctx := context.Background()
	var query promql.Query
	var err error
	if one.AtMs != nil {
		query, err = q.overTimeline.NewInstantQuery(ctx, q.view(everything), nil, one.Expr, time.UnixMilli(*one.AtMs).UTC())
	} else {
		query, err = q.overTimeline.NewRangeQuery(ctx, q.view(everything), nil, one.Expr, time.UnixMilli(one.StartMs).UTC(),
			time.UnixMilli(one.EndMs).UTC(), time.Duration(one.StepMs)*time.Millisecond)
	}
	if err != nil {
		return askedAnswer{Error: err.Error()}
	}
	defer query.Close()
	result := query.Exec(ctx)
	if result.Err != nil {
		return askedAnswer{Error: result.Err.Error()}
	}
	answer.Type = string(result.Value.Type())
	answer.Warnings, answer.Infos = result.Warnings.AsStrings(one.Expr, 0, 0)
	switch v := result.Value.(type) {
	case promql.String:
		answer.Text = v.V
	case promql.Scalar:
		answer.Series = []notedResult{{Labels: map[string]string{}, Points: []point{pointOf(v.T, v.V, nil)}}}
	case promql.Vector:
		for _, sample := range v {
			answer.Series = append(answer.Series, notedResult{sample.Metric.Map(), []point{pointOf(sample.T, sample.F, sample.H)}})
		}
	case promql.Matrix:
		for _, series := range v {
			answer.Series = append(answer.Series, notedResult{series.Metric.Map(), pointsOf(series)})
		}
	}
	return answer
}
