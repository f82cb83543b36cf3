package main

import (
	"maps"
	"math"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
)

// Whether two evaluations of a rule, changed and unchanged, gave the same. Texts are the last to be compared: rendering
// them takes longer than all the rest.

// sameAs compares alerts and errors.
func (r *run) sameAs(base *run) bool {
	if r.state == base.state {
		return true
	}
	if !slices.EqualFunc(r.faults, base.faults, ruleError.same) {
		return false
	}
	alerts, ok := r.state.(*alertState)
	return !ok || alerts.sameAs(base.state.(*alertState))
}

// same leaves out which series PromQL happens to name in a message.
func (e ruleError) same(other ruleError) bool {
	return sameFault(e.Message, other.Message) && *e.FirstAtMs == *other.FirstAtMs && e.Ticks == other.Ticks
}

func (s *alertState) sameAs(base *alertState) bool {
	// What the same sighting is rendered to is the same, unless the texts are others or ask the store.
	sameTexts := labels.Equal(s.rule.annotations, base.rule.annotations) && s.rule.queryText == ""
	sameFinal := func(a, b *history) bool {
		if sameTexts && a.first.same(b.first) && a.last.same(b.last) {
			return true
		}
		s.render(a)
		base.render(b)
		return maps.Equal(a.firstTexts, b.firstTexts) && maps.Equal(a.lastTexts, b.lastTexts)
	}
	if !slices.EqualFunc(s.given(), base.given(), (*history).sameCourse) || !slices.EqualFunc(s.histories, base.histories, sameFinal) {
		return false
	}
	for tick := range s.watched {
		sameWatched := func(a, b watchedAlert) bool {
			return labels.Equal(a.labels, b.labels) && sameTexts && a.last.same(b.last)
		}
		if slices.EqualFunc(s.watchedAlerts[tick], base.watchedAlerts[tick], sameWatched) {
			continue
		}
		sameRendered := func(a, b firingAlert) bool {
			return labels.Equal(a.labels, b.labels) && maps.Equal(a.annotations, b.annotations)
		}
		if !slices.EqualFunc(s.firingAt(tick), base.firingAt(tick), sameRendered) {
			return false
		}
	}
	return true
}

// sameCourse compares labels, phases and values.
func (h *history) sameCourse(other *history) bool {
	samePhase := func(a, b *alertPhase) bool {
		return a.State == b.State && a.FromMs == b.FromMs && (a.ToMs == nil) == (b.ToMs == nil) && (a.ToMs == nil || *a.ToMs == *b.ToMs)
	}
	return labels.Equal(h.labels, other.labels) && slices.EqualFunc(h.phases, other.phases, samePhase) &&
		sameFloat(h.first.element.f, other.first.element.f) && sameFloat(h.last.element.f, other.last.element.f)
}

func (s sighting) same(other sighting) bool {
	a, b := s.element, other.element
	return s.tick == other.tick && labels.Equal(a.source.metric, b.source.metric) && sameFloat(a.f, b.f) &&
		(a.h == nil) == (b.h == nil) && (a.h == nil || a.h.Equals(b.h))
}

func sameFloat(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

// sameSeries compares what two writers left in the store, bit by bit.
func sameSeries(a, b *seriesWriter) bool {
	if a.filled() != b.filled() {
		return false
	}
	for one := range a.all {
		if len(one.timestamps) == 0 {
			continue
		}
		other := b.store.find(one.labels, one.labels.Hash())
		if other == nil || !b.all[other] || !one.same(other) {
			return false
		}
	}
	return true
}

// filled counts the series that hold something.
func (w *seriesWriter) filled() (count int) {
	for one := range w.all {
		if len(one.timestamps) > 0 {
			count++
		}
	}
	return count
}

func (s *series) same(other *series) bool {
	if !slices.Equal(s.timestamps, other.timestamps) {
		return false
	}
	for i := range s.timestamps {
		if !s.equals(i, other.floats[i], other.histogram(i)) {
			return false
		}
	}
	return true
}

// same compares results that did not fail at any tick.
func (r *result) same(other *result) bool {
	return len(r.failures)+len(other.failures) == 0 && slices.EqualFunc(r.rows, other.rows, row.same)
}

func (r row) same(other row) bool {
	sameFloats := func(a, b promql.FPoint) bool { return a.T == b.T && sameFloat(a.F, b.F) }
	sameHistograms := func(a, b promql.HPoint) bool { return a.T == b.T && a.H.Equals(b.H) }
	return labels.Equal(r.source.metric, other.source.metric) && slices.EqualFunc(r.floats, other.floats, sameFloats) &&
		slices.EqualFunc(r.histograms, other.histograms, sameHistograms)
}
