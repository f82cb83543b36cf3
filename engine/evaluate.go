package main

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
)

// evaluation runs rule groups over a timeline.
type evaluation struct {
	request *evaluateRequest
	store   *store
	queries *queries
	groups  []*group
	states  map[*rule]state
	sources map[*rule]sources
	faults  faults
	result  *evaluateResult
}

// evaluate answers a request. `timestamps` (ms) and `values` hold the samples of all its series, one after another.
func evaluate(request *evaluateRequest, timestamps []int64, values []float64) (*evaluateResult, error) {
	if request.EvaluationIntervalMs <= 0 {
		return nil, fmt.Errorf("evaluationIntervalMs is %d; it must be more than 0", request.EvaluationIntervalMs)
	}
	if request.EndMs < request.StartMs {
		return nil, fmt.Errorf("endMs %d lies before startMs %d", request.EndMs, request.StartMs)
	}
	if request.MaxSamples <= 0 {
		request.MaxSamples = defaultMaxSamples
	}
	externalURL, err := url.Parse(request.ExternalURL)
	if err != nil {
		return nil, fmt.Errorf("externalUrl: %w", err)
	}
	s := newStore()
	for _, input := range request.Series {
		n := input.Count
		if err := s.load(labels.FromMap(input.Labels), timestamps[:n], values[:n], input.StaleMs); err != nil {
			return nil, err
		}
		timestamps, values = timestamps[n:], values[n:]
	}
	e := &evaluation{
		request: request, store: s, queries: newQueries(s, limits{request.MaxSamples, request.EvaluationIntervalMs}),
		states: map[*rule]state{}, sources: map[*rule]sources{}, faults: faults{ofRules: map[*rule][]ruleError{}},
		result: &evaluateResult{Alerts: []*alertInstance{}, Queries: []queryResult{}},
	}
	e.groups, e.faults.ofFiles = loadGroups(request.RuleFiles, request.EvaluationIntervalMs)
	for _, g := range e.groups {
		if ticks := (request.EndMs - request.StartMs) / g.intervalMs; ticks > int64(request.MaxSamples) {
			return nil, fmt.Errorf("group %q has %d ticks on this timeline; the limit (maxSamples) is %d", g.name, ticks, request.MaxSamples)
		}
	}
	return e.result, e.run(externalURL)
}

func (e *evaluation) run(externalURL *url.URL) error {
	reason := whyStepwise(allRules(e.groups), e.store)
	stepwise := reason != ""
	switch e.request.Mode {
	case "", "auto":
	case "stepwise":
		stepwise, reason = true, "asked for"
	case "range":
		if stepwise {
			return fmt.Errorf("mode \"range\" would give wrong results here: %s", reason)
		}
	default:
		return fmt.Errorf("mode is %q; it can be auto, range or stepwise", e.request.Mode)
	}
	e.prepare(stepwise, &templates{e.queries, e.request.ExternalLabels, externalURL, e.request.ExternalURL})
	e.result.ModeUsed, e.result.ModeReason = "range", reason
	if stepwise {
		e.result.ModeUsed = "stepwise"
		e.stepwise()
	} else {
		e.ruleByRule()
	}
	for _, r := range allRules(e.groups) {
		if alerts, ok := e.states[r].(*alertState); ok {
			e.result.Alerts = append(e.result.Alerts, alerts.instances()...)
		}
	}
	e.result.Errors = e.faults.list(allRules(e.groups))
	e.answer()
	e.result.Stats.Rules = len(allRules(e.groups))
	e.result.Stats.Samples = e.store.samples
	return nil
}

func (e *evaluation) prepare(stepwise bool, texts *templates) {
	for _, r := range allRules(e.groups) {
		e.sources[r] = sources{}
		writer := seriesWriter{store: e.store, maxSamples: e.request.MaxSamples, stepwise: stepwise}
		if !r.alert {
			e.states[r] = &recordingState{rule: r, writer: writer, seen: map[*series]int64{}}
			continue
		}
		e.states[r] = &alertState{
			rule: r, writer: writer, templates: texts, byLabels: map[uint64]*history{},
			fixedLabels: labelsAreFixed(r), renderAtOnce: stepwise && queryingText(r) != "",
		}
	}
}

// stepwise is the reference: at each tick every group that is due evaluates its rules in order, as promtool does.
func (e *evaluation) stepwise() {
	for tick := e.request.StartMs; tick <= e.request.EndMs; {
		next := e.request.EndMs + 1
		for _, g := range e.groups {
			sinceTick := (tick - e.request.StartMs) % g.intervalMs
			if sinceTick == 0 {
				for _, r := range g.rules {
					e.instant(r, tick)
				}
			}
			next = min(next, tick+g.intervalMs-sinceTick)
		}
		tick = next
	}
}

// ruleByRule evaluates each rule over the whole timeline before the next.
func (e *evaluation) ruleByRule() {
	for _, r := range allRules(e.groups) {
		if needsInstants(r.expr) || !e.overRange(r) {
			e.result.Stats.InstantRules++
			for tick := e.request.StartMs; tick <= e.request.EndMs; tick += r.group.intervalMs {
				e.instant(r, tick)
			}
		}
	}
}

func (e *evaluation) instant(r *rule, tick int64) {
	vector, err := e.queries.instant(r.query, tick-r.group.offsetMs, tick)
	if err != nil {
		e.faults.add(r, tick, err)
		return
	}
	// PromQL gives some results in random order; the order in which series are first seen is to be the same every time.
	slices.SortFunc(vector, func(a, b promql.Sample) int { return labels.Compare(a.Metric, b.Metric) })
	result := make([]element, len(vector))
	for i, sample := range vector {
		result[i] = element{e.sources[r].of(sample.Metric), sample.F, sample.H}
	}
	e.faults.add(r, tick, e.states[r].step(tick, result))
}

// overRange evaluates a rule by one range query. It gives up, before anything is written, when that fails: it may, as a
// whole, where each single instant is fine ("vector cannot contain metrics with the same labelset", too many samples).
func (e *evaluation) overRange(r *rule) bool {
	offset := r.group.offsetMs
	matrix, done, err := e.queries.overRange(r.query, e.request.StartMs-offset, e.request.EndMs-offset, r.group.intervalMs)
	if err != nil {
		return false
	}
	defer done()
	rows := make([]row, len(matrix))
	for i, s := range matrix {
		rows[i] = row{e.sources[r].of(s.Metric), s.Floats, s.Histograms}
	}
	result := make([]element, 0, len(rows))
	for tick := e.request.StartMs; tick <= e.request.EndMs; tick += r.group.intervalMs {
		result = result[:0]
		for i := range rows {
			if found, ok := rows[i].at(tick - offset); ok {
				result = append(result, found)
			}
		}
		e.faults.add(r, tick, e.states[r].step(tick, result))
	}
	return true
}

// row is one series of a range query's result, read tick by tick.
type row struct {
	source     *source
	floats     []promql.FPoint
	histograms []promql.HPoint
}

func (r *row) at(t int64) (element, bool) {
	if len(r.floats) > 0 && r.floats[0].T == t {
		f := r.floats[0].F
		r.floats = r.floats[1:]
		return element{source: r.source, f: f}, true
	}
	if len(r.histograms) > 0 && r.histograms[0].T == t {
		h := r.histograms[0].H.Copy() // the query's own goes back to a pool
		r.histograms = r.histograms[1:]
		return element{source: r.source, h: h}, true
	}
	return element{}, false
}

// sources finds the source of a result by its labels.
type sources map[uint64][]*source

func (s sources) of(metric labels.Labels) *source {
	hash := metric.Hash()
	for _, candidate := range s[hash] {
		if labels.Equal(candidate.metric, metric) {
			return candidate
		}
	}
	created := &source{metric: metric}
	s[hash] = append(s[hash], created)
	return created
}

// labelSet is what tells two messages of one fault apart: the series that PromQL happens to name.
var labelSet = regexp.MustCompile(`\{[^}]*\}`)

// faults gathers what went wrong, once for each rule and kind, however many ticks it concerns.
type faults struct {
	ofFiles []ruleError
	ofRules map[*rule][]ruleError
}

func (f *faults) add(r *rule, tick int64, err error) {
	if err == nil {
		return
	}
	known := slices.IndexFunc(f.ofRules[r], func(e ruleError) bool {
		return labelSet.ReplaceAllString(e.Message, "") == labelSet.ReplaceAllString(err.Error(), "")
	})
	if known < 0 {
		known = len(f.ofRules[r])
		f.ofRules[r] = append(f.ofRules[r], ruleError{
			File: r.group.file, Group: r.group.name, Rule: r.name, Line: r.line, Message: err.Error(), FirstAtMs: &tick,
		})
	}
	f.ofRules[r][known].Ticks++
}

// list gives the faults of files, then those of rules in their order.
func (f *faults) list(rules []*rule) []ruleError {
	all := append([]ruleError{}, f.ofFiles...)
	for _, r := range rules {
		all = append(all, f.ofRules[r]...)
	}
	return all
}
