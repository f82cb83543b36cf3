package main

import (
	"fmt"
	"net/url"

	"github.com/prometheus/prometheus/model/labels"
)

// timeline is what rules are evaluated on: series, a stretch of time and how Prometheus is set up. Rules come and go,
// it stays as it is.
type timeline struct {
	input *store
	// startMs is the first tick of every group; no tick is later than endMs.
	startMs, endMs int64
	// evaluationIntervalMs is the interval of groups that name none, and the step of subqueries that name none.
	evaluationIntervalMs int64
	// ignoreGroupIntervals: every group ticks at evaluationIntervalMs, as in promtool's unit tests.
	ignoreGroupIntervals bool
	// maxSamples bounds what one query holds and what one rule gives over the whole timeline.
	maxSamples int
	// maxInstantSamples bounds what one query holds at a single tick (promtool: 10000); 0 for no bound but maxSamples.
	maxInstantSamples int
	externalLabels    map[string]string
	externalURL       string
	// alertsUnread: nothing looks at the series ALERTS and ALERTS_FOR_STATE, so they are not written.
	alertsUnread bool
	// watched are the ticks at which firingAt is going to be asked.
	watched map[int64]bool

	parsedURL *url.URL
	// texts are those that were rendered on this timeline.
	texts map[rendered]string
}

// check completes a timeline, or says what is wrong with it.
func (t *timeline) check() (err error) {
	if t.evaluationIntervalMs <= 0 {
		return fmt.Errorf("evaluationIntervalMs is %d; it must be more than 0", t.evaluationIntervalMs)
	}
	if t.endMs < t.startMs {
		return fmt.Errorf("endMs %d lies before startMs %d", t.endMs, t.startMs)
	}
	if t.maxSamples <= 0 {
		t.maxSamples = defaultMaxSamples
	}
	if t.parsedURL, err = url.Parse(t.externalURL); err != nil {
		return fmt.Errorf("externalUrl: %w", err)
	}
	t.texts = map[rendered]string{}
	if t.input == nil {
		t.input = newStore(nil)
	}
	return nil
}

// checkTicks refuses rule groups with more ticks than there may be samples.
func (t *timeline) checkTicks(groups []*group) error {
	for _, g := range groups {
		if ticks := (t.endMs - t.startMs) / t.interval(g); ticks > int64(t.maxSamples) {
			return fmt.Errorf("group %q would be evaluated at %d ticks, more than the limit (maxSamples) of %d: shorten the time, or evaluate at longer intervals",
				g.name, ticks, t.maxSamples)
		}
	}
	return nil
}

// interval gives the ms between two ticks of a group.
func (t *timeline) interval(g *group) int64 {
	if t.ignoreGroupIntervals {
		return t.evaluationIntervalMs
	}
	return g.intervalMs
}

// timelineOf loads a request's series. `timestamps` (ms) and `values` hold the samples of all of them, one after another.
func timelineOf(request *evaluateRequest, timestamps []int64, values []float64) (*timeline, error) {
	t := &timeline{
		startMs: request.StartMs, endMs: request.EndMs, evaluationIntervalMs: request.EvaluationIntervalMs,
		maxSamples: request.MaxSamples, externalLabels: request.ExternalLabels, externalURL: request.ExternalURL,
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	for _, input := range request.Series {
		n := input.Count
		if err := t.input.load(labels.FromMap(input.Labels), timestamps[:n], values[:n], input.StaleMs); err != nil {
			return nil, err
		}
		timestamps, values = timestamps[n:], values[n:]
	}
	return t, nil
}
