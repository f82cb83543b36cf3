package main

import (
	"context"
	"math"
	"sort"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/util/annotations"
)

// view is the store as a query sees it that runs at `horizon` (ms since the epoch): nothing later exists yet.
type view struct {
	store   *store
	parts   map[string][]*series
	horizon int64
}

// everything is the horizon of a view that hides nothing.
const everything = math.MaxInt64

func (v view) Querier(mint, maxt int64) (storage.Querier, error) {
	return &querier{view: v, mint: mint, maxt: min(maxt, v.horizon)}, nil
}

type querier struct {
	view       view
	mint, maxt int64
}

// Select gives series by birth, whether they are asked for in order or not: PromQL never asks.
func (q *querier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	found := &seriesSet{at: -1}
	for _, s := range q.view.matching(matchers) {
		from := sort.Search(len(s.timestamps), func(i int) bool { return s.timestamps[i] >= q.mint })
		to := from + sort.Search(len(s.timestamps)-from, func(i int) bool { return s.timestamps[from+i] > q.maxt })
		if from < to {
			found.list = append(found.list, &window{series: s, from: from, to: to})
		}
	}
	return found
}

// matching gives the series that a selector matches, by birth.
func (v view) matching(matchers []*labels.Matcher) (found []*series) {
	if len(matchers) == 1 && matchers[0].Name == partLabel {
		return v.parts[matchers[0].Value]
	}
	for _, s := range v.candidates(matchers) {
		if matchesAll(matchers, s.labels) {
			found = append(found, s)
		}
	}
	return found
}

// candidates narrows by metric name, which nearly every selector has.
func (v view) candidates(matchers []*labels.Matcher) []*series {
	for _, m := range matchers {
		if m.Type == labels.MatchEqual && m.Name == labels.MetricName {
			return v.store.named(m.Value)
		}
	}
	return v.store.everySeries()
}

func matchesAll(matchers []*labels.Matcher, lset labels.Labels) bool {
	for _, m := range matchers {
		if !m.Matches(lset.Get(m.Name)) {
			return false
		}
	}
	return true
}

// LabelValues and LabelNames serve Prometheus' HTTP interface, never an evaluation.
func (*querier) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (*querier) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (*querier) Close() error { return nil }

type seriesSet struct {
	list []*window
	at   int
}

func (s *seriesSet) Next() bool {
	s.at++
	return s.at < len(s.list)
}
func (s *seriesSet) At() storage.Series              { return s.list[s.at] }
func (*seriesSet) Err() error                        { return nil }
func (*seriesSet) Warnings() annotations.Annotations { return nil }

// window is the part [from, to) of a series that a query may see.
type window struct {
	series   *series
	from, to int
}

func (w *window) Labels() labels.Labels { return w.series.labels }

func (w *window) Iterator(reuse chunkenc.Iterator) chunkenc.Iterator {
	it, ok := reuse.(*iterator)
	if !ok {
		it = &iterator{}
	}
	*it = iterator{window: w, at: w.from - 1}
	return it
}

type iterator struct {
	window *window
	at     int
}

func (it *iterator) valueType() chunkenc.ValueType {
	switch {
	case it.at >= it.window.to:
		return chunkenc.ValNone
	case it.window.series.histogram(it.at) != nil:
		return chunkenc.ValFloatHistogram
	}
	return chunkenc.ValFloat
}

func (it *iterator) Next() chunkenc.ValueType {
	it.at++
	return it.valueType()
}

func (it *iterator) Seek(t int64) chunkenc.ValueType {
	it.at = max(it.at, it.window.from)
	timestamps := it.window.series.timestamps
	if it.at < it.window.to && timestamps[it.at] < t {
		rest := timestamps[it.at:it.window.to]
		it.at += sort.Search(len(rest), func(i int) bool { return rest[i] >= t })
	}
	return it.valueType()
}

func (it *iterator) At() (int64, float64) { return it.AtT(), it.window.series.floats[it.at] }
func (it *iterator) AtT() int64           { return it.window.series.timestamps[it.at] }
func (*iterator) AtST() int64             { return 0 }
func (*iterator) Err() error              { return nil }

func (it *iterator) AtHistogram(*histogram.Histogram) (int64, *histogram.Histogram) {
	panic("the store holds float histograms only")
}

func (it *iterator) AtFloatHistogram(reuse *histogram.FloatHistogram) (int64, *histogram.FloatHistogram) {
	held := it.window.series.histogram(it.at)
	if reuse == nil {
		return it.AtT(), held.Copy()
	}
	held.CopyTo(reuse)
	return it.AtT(), reuse
}
