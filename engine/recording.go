package main

import (
	"errors"
	"fmt"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
)

// source is a series that a rule's expression gives, with what the rule derived from its labels.
type source struct {
	metric labels.Labels
	// alertLabels and alertHash are set for alerts whose labels do not depend on the value.
	alertLabels labels.Labels
	alertHash   uint64
	expanded    bool
}

// element is what an expression gives for one source at one tick.
type element struct {
	source *source
	f      float64
	h      *histogram.FloatHistogram
}

// state consumes a rule's result tick after tick. All modes of evaluation go through it.
type state interface {
	step(tick int64, result []element) error
}

// seriesWriter appends a rule's output and ends, with a stale marker, what it no longer gives (rules/group.go of Prometheus).
type seriesWriter struct {
	rule       *rule
	store      *store
	maxSamples int
	// stepwise: what is in the store at a tick is what there is. Else later rules' and ticks' samples may be missing and
	// those of earlier rules be there already; whyStepwise sees to it that the timestamp tells which.
	stepwise bool
	written  int
	previous []*series
	// all are the series that the rule ever asked for.
	all map[*series]bool
}

// series gives the one with these labels to write into at a tick.
func (w *seriesWriter) series(lset labels.Labels, tick int64) *series {
	to := w.store.series(lset, w.rule.index, tick)
	w.all[to] = true
	return to
}

type output struct {
	to *series
	f  float64
	h  *histogram.FloatHistogram
}

// fewerSamples is the way out of a limit.
const fewerSamples = "give it fewer series, shorten the time, or evaluate at longer intervals"

// write returns the last sample's refusal, if any; the others are written all the same.
func (w *seriesWriter) write(tick, timestamp int64, outputs []output) (refused error) {
	horizon := timestamp
	if w.stepwise {
		horizon = tick
	}
	if w.written += len(outputs); w.written > w.maxSamples {
		return fmt.Errorf("records more than %d samples, the limit (maxSamples): %s", w.maxSamples, fewerSamples)
	}
	if w.store.samples > 2*w.maxSamples {
		return fmt.Errorf("all rules together record more than %d samples, twice the limit (maxSamples): %s", 2*w.maxSamples, fewerSamples)
	}
	returned := make([]*series, 0, len(outputs))
	present := make(map[*series]bool, len(outputs))
	for _, o := range outputs {
		if o.h != nil {
			if err := o.h.Validate(); err != nil {
				refused = err
				continue
			}
		}
		if err := w.store.append(o.to, horizon, timestamp, o.f, o.h); err != nil {
			refused = err
			continue
		}
		returned = append(returned, o.to)
		present[o.to] = true
	}
	for _, gone := range w.previous {
		if present[gone] {
			continue
		}
		err := w.store.append(gone, horizon, timestamp, staleMarker, nil)
		// Another rule may give this series by now: that is no fault.
		if err != nil && !errors.Is(err, storage.ErrOutOfOrderSample) && !errors.Is(err, storage.ErrDuplicateSampleForTimestamp) {
			refused = err
		}
	}
	w.previous = returned
	return refused
}

// recordingState writes a recording rule's result under its own name and labels (rules/recording.go of Prometheus).
type recordingState struct {
	rule     *rule
	writer   *seriesWriter
	targets  map[*source]*target
	bySeries map[*series]*target
}

// target is where a recording rule writes a source; two sources may share one, at different ticks.
type target struct {
	series *series
	// seen: it was given at seenAt.
	seen   bool
	seenAt int64
}

var errDuplicateRecording = errors.New("vector contains metrics with the same labelset after applying rule labels")

func (s *recordingState) step(tick int64, result []element) error {
	outputs := make([]output, 0, len(result))
	for _, e := range result {
		to := s.target(e.source, tick)
		if to.seen && to.seenAt == tick {
			return errDuplicateRecording
		}
		to.seen, to.seenAt = true, tick
		outputs = append(outputs, output{to.series, e.f, e.h})
	}
	if limit := s.rule.group.limit; limit > 0 && len(outputs) > limit {
		return fmt.Errorf("exceeded limit of %d with %d series", limit, len(outputs))
	}
	return s.writer.write(tick, tick-s.rule.group.offsetMs, outputs)
}

func (s *recordingState) target(from *source, tick int64) *target {
	if known := s.targets[from]; known != nil {
		return known
	}
	to := s.writer.series(s.outputLabels(from.metric), tick)
	if s.bySeries[to] == nil {
		s.bySeries[to] = &target{series: to}
	}
	s.targets[from] = s.bySeries[to]
	return s.targets[from]
}

func (s *recordingState) outputLabels(metric labels.Labels) labels.Labels {
	b := labels.NewBuilder(metric)
	b.Set(labels.MetricName, s.rule.name)
	s.rule.labels.Range(func(l labels.Label) { b.Set(l.Name, l.Value) })
	return b.Labels()
}
