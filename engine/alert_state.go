package main

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
)

const (
	pending = "pending"
	firing  = "firing"
)

// activeAlert is one label set that is pending or firing.
type activeAlert struct {
	labels   labels.Labels
	hash     uint64
	state    string
	activeAt int64
	// keepFiringSince is the first tick without a result since the alert last had one, or notGone.
	keepFiringSince int64
	seenAt          int64
	history         *history
	// alertsSeries holds ALERTS by state, forState is ALERTS_FOR_STATE.
	alertsSeries map[string]*series
	forState     *series
}

const notGone = math.MinInt64

// history is what the outside learns about one label set.
type history struct {
	labels labels.Labels
	phases []*alertPhase
	// first is where it began firing, or its first sight while it never fired; last is its last sight.
	first, last sighting
	// Rendered when they are asked for; at once where they ask a store that changes.
	firstTexts, lastTexts map[string]string
}

func (h *history) hasFired() bool {
	return slices.ContainsFunc(h.phases, func(p *alertPhase) bool { return p.State == firing })
}

// alertState is the state machine of one alerting rule: inactive → pending → firing → resolved, exactly as Eval in
// rules/alerting.go of Prometheus has it (which keeps resolved alerts 15 minutes for resending; that changes no state).
type alertState struct {
	rule      *rule
	templates *templates
	writer    *seriesWriter
	// active is in the order in which the alerts became active.
	active    []*activeAlert
	histories []*history
	byLabels  map[uint64]*history
	// fixedLabels: the labels do not depend on the value, so that they are worked out once a source.
	fixedLabels bool
	// renderAtOnce: the texts query a store that later ticks and rules still change.
	renderAtOnce bool
	// unread: nobody looks at the series that tell of the alerts.
	unread bool
	// watched are the ticks at which the firing alerts are kept, in watchedAlerts.
	watched       map[int64]bool
	watchedAlerts map[int64][]watchedAlert
}

// watchedAlert is a firing alert as it is at a watched tick.
type watchedAlert struct {
	labels labels.Labels
	last   sighting
	texts  map[string]string
}

var errDuplicateAlert = errors.New("vector contains metrics with the same labelset after applying alert labels")

type candidate struct {
	labels   labels.Labels
	hash     uint64
	sighting sighting
}

func (s *alertState) step(tick int64, result []element) error {
	candidates := make([]candidate, len(result))
	present := make(map[uint64]*candidate, len(result))
	for i, e := range result {
		candidates[i] = s.candidate(sighting{tick, e})
		if present[candidates[i].hash] != nil {
			return errDuplicateAlert
		}
		present[candidates[i].hash] = &candidates[i]
	}
	s.activate(tick, candidates, present)
	outputs := s.advance(tick)
	if s.watched[tick] {
		s.watch(tick)
	}
	if limit := s.rule.group.limit; limit > 0 && len(s.active) > limit {
		delete(s.watchedAlerts, tick)
		err := fmt.Errorf("exceeded limit of %d with %d alerts", limit, len(s.active))
		for _, a := range s.active {
			a.leave(tick)
		}
		s.active = nil
		return err
	}
	return s.writer.write(tick, tick-s.rule.group.offsetMs, outputs)
}

func (s *alertState) candidate(seen sighting) candidate {
	source := seen.element.source
	if !s.fixedLabels {
		lset := s.templates.labels(s.rule, seen)
		return candidate{lset, lset.Hash(), seen}
	}
	if !source.expanded {
		source.alertLabels = s.templates.labels(s.rule, seen)
		source.alertHash = source.alertLabels.Hash()
		source.expanded = true
	}
	return candidate{source.alertLabels, source.alertHash, seen}
}

// activate notes every result: on the alert that is active already, or on a new pending one.
func (s *alertState) activate(tick int64, candidates []candidate, present map[uint64]*candidate) {
	for _, a := range s.active {
		if c := present[a.hash]; c != nil {
			a.seenAt = tick
			s.note(a.history, c.sighting)
			delete(present, a.hash)
		}
	}
	for i := range candidates {
		c := &candidates[i]
		if present[c.hash] != c {
			continue
		}
		h := s.byLabels[c.hash]
		if h == nil {
			h = &history{labels: c.labels}
			s.byLabels[c.hash] = h
			s.histories = append(s.histories, h)
		}
		s.note(h, c.sighting)
		if len(h.phases) == 0 {
			h.first, h.firstTexts = h.last, h.lastTexts
		}
		a := &activeAlert{
			labels: c.labels, hash: c.hash, activeAt: tick, seenAt: tick, keepFiringSince: notGone,
			history: h, alertsSeries: map[string]*series{},
		}
		a.enter(pending, tick)
		s.active = append(s.active, a)
	}
}

func (s *alertState) note(h *history, seen sighting) {
	h.last = seen
	if s.renderAtOnce {
		h.lastTexts = s.templates.annotations(s.rule, seen)
	}
}

// advance moves every active alert on and gives the ALERTS and ALERTS_FOR_STATE samples of this tick.
func (s *alertState) advance(tick int64) (outputs []output) {
	s.active = slices.DeleteFunc(s.active, func(a *activeAlert) bool {
		if a.seenAt == tick {
			a.keepFiringSince = notGone
		} else if !a.keepsFiring(tick, s.rule.keepFiringMs) {
			a.leave(tick)
			return true
		}
		if a.state == pending && tick-a.activeAt >= s.rule.forMs {
			if h := a.history; !h.hasFired() {
				h.first, h.firstTexts = h.last, h.lastTexts
			}
			a.enter(firing, tick)
		}
		if !s.unread {
			outputs = append(outputs, s.samples(a, tick)...)
		}
		return false
	})
	return outputs
}

func (s *alertState) watch(tick int64) {
	for _, a := range s.active {
		if a.state == firing {
			if s.watchedAlerts == nil {
				s.watchedAlerts = map[int64][]watchedAlert{}
			}
			s.watchedAlerts[tick] = append(s.watchedAlerts[tick], watchedAlert{a.labels, a.history.last, a.history.lastTexts})
		}
	}
}

func (s *alertState) firingAt(tick int64) (found []firingAlert) {
	for i := range s.watchedAlerts[tick] {
		w := &s.watchedAlerts[tick][i]
		if w.texts == nil {
			w.texts = s.templates.annotations(s.rule, w.last)
		}
		found = append(found, firingAlert{s.rule, w.labels, w.texts})
	}
	return found
}

// keepsFiring decides about an alert whose expression gave nothing at this tick.
func (a *activeAlert) keepsFiring(tick, keepFiringMs int64) bool {
	if a.state != firing || keepFiringMs == 0 {
		return false
	}
	if a.keepFiringSince == notGone {
		a.keepFiringSince = tick
	}
	return tick-a.keepFiringSince < keepFiringMs
}

func (a *activeAlert) enter(state string, tick int64) {
	if a.state != "" {
		a.leave(tick)
	}
	a.state = state
	a.history.phases = append(a.history.phases, &alertPhase{State: state, FromMs: tick})
}

// leave ends the current phase; one that lasted no time (pending, with no `for`) was none.
func (a *activeAlert) leave(tick int64) {
	phases := a.history.phases
	current := phases[len(phases)-1]
	if current.FromMs == tick {
		a.history.phases = phases[:len(phases)-1]
		return
	}
	current.ToMs = &tick
}

func (s *alertState) samples(a *activeAlert, tick int64) []output {
	if a.forState == nil {
		a.forState = s.alertSeries(a, tick, "ALERTS_FOR_STATE", "")
	}
	if a.alertsSeries[a.state] == nil {
		a.alertsSeries[a.state] = s.alertSeries(a, tick, "ALERTS", a.state)
	}
	return []output{{to: a.alertsSeries[a.state], f: 1}, {to: a.forState, f: math.Floor(float64(a.activeAt) / 1000)}}
}

func (s *alertState) alertSeries(a *activeAlert, tick int64, name, state string) *series {
	// Starting from the rule's labels is Prometheus' way: one whose template came out empty keeps its raw text here.
	b := labels.NewBuilder(s.rule.labels)
	a.labels.Range(func(l labels.Label) { b.Set(l.Name, l.Value) })
	b.Set(labels.MetricName, name)
	if state != "" {
		b.Set("alertstate", state)
	}
	return s.writer.series(b.Labels(), tick)
}

func (s *alertState) render(h *history) {
	if h.lastTexts == nil {
		h.lastTexts = s.templates.annotations(s.rule, h.last)
	}
	if h.firstTexts == nil && h.first == h.last {
		h.firstTexts = h.lastTexts
	}
	if h.firstTexts == nil {
		h.firstTexts = s.templates.annotations(s.rule, h.first)
	}
}

// given lists every label set the rule ever gave, sorted by labels.
func (s *alertState) given() []*history {
	// One without phases was cleared by the group's limit at the tick at which it came.
	s.histories = slices.DeleteFunc(s.histories, func(h *history) bool { return len(h.phases) == 0 })
	slices.SortFunc(s.histories, func(a, b *history) int { return labels.Compare(a.labels, b.labels) })
	return s.histories
}

// instances reports every label set the rule ever gave, sorted by labels.
func (s *alertState) instances() []*alertInstance {
	found := []*alertInstance{}
	for _, h := range s.given() {
		s.render(h)
		found = append(found, &alertInstance{
			Rule: s.rule.index, Alert: s.rule.name, Group: s.rule.group.name, File: s.rule.group.file,
			Labels: h.labels.Map(), Phases: h.phases,
			Annotations: h.firstTexts, LastAnnotations: h.lastTexts,
			Value: number(h.first.element.f), LastValue: number(h.last.element.f),
		})
	}
	return found
}
