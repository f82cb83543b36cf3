package main

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/template"
)

// The variables that Prometheus defines for alert templates.
const templateVariables = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}"

// text is a label or an annotation of an alert. What can be known of it is worked out once a rule.
type text struct {
	name, template string
	// plain: there is nothing to expand.
	plain bool
	// queries: it asks the store.
	queries bool
	// repeats: it follows from the labels of the result, and its value if it uses that; neither from store nor clock.
	repeats, usesValue bool
}

var (
	// Calls of these functions; a word of plain text that reads like one does no harm.
	callsQuery = regexp.MustCompile(`(?:^|[^\w.$"])query\b`)
	callsNow   = regexp.MustCompile(`(?:^|[^\w.$"])now\b`)
	// wholeData is the dot, or $, by itself: all that a template is given.
	wholeData = regexp.MustCompile(`[\s({|][.$](?:[\s)}|]|$)`)
)

func newTexts(from labels.Labels) (all []text) {
	from.Range(func(l labels.Label) {
		one := text{name: l.Name, template: l.Value, plain: !strings.Contains(l.Value, "{{")}
		if !one.plain {
			one.queries = callsQuery.MatchString(l.Value)
			one.repeats = !one.queries && !callsNow.MatchString(l.Value)
			one.usesValue = strings.Contains(l.Value, "alue") || wholeData.MatchString(l.Value)
		}
		all = append(all, one)
	})
	return all
}

// templates expands the texts of alerts.
type templates struct {
	queries  *queries
	timeline *timeline
}

// sighting is one element of an alert's result, kept so that its texts can be rendered when they are wanted.
type sighting struct {
	tick    int64
	element element
}

// rendered is a text that was expanded already. Expanding one takes longer than evaluating an alert over an hour.
type rendered struct {
	rule, template string
	metric         labels.Labels
	value          uint64
}

// mostRendered bounds what is remembered of a timeline's texts.
const mostRendered = 50_000

func (t *templates) expand(r *rule, what text, s sighting) string {
	if what.plain {
		return what.template
	}
	if !what.repeats || s.element.h != nil {
		return t.render(r, what.template, s)
	}
	key := rendered{rule: r.name, template: what.template, metric: s.element.source.metric}
	if what.usesValue {
		key.value = math.Float64bits(s.element.f)
	}
	known := t.timeline.texts
	if result, ok := known[key]; ok {
		return result
	}
	if len(known) >= mostRendered {
		clear(known)
	}
	known[key] = t.render(r, what.template, s)
	return known[key]
}

// render expands a template. One that fails gives its error as text, as Prometheus does: an alert with a broken message
// is better than none.
func (t *templates) render(r *rule, source string, s sighting) string {
	sample := promql.Sample{Metric: s.element.source.metric, F: s.element.f, H: s.element.h}
	data := template.AlertTemplateData(sample.Metric.Map(), t.timeline.externalLabels, t.timeline.externalURL, sample)
	query := func(_ context.Context, expr string, at time.Time) (promql.Vector, error) {
		return t.queries.instant(expr, at.UnixMilli(), s.tick)
	}
	expander := template.NewTemplateExpander(context.Background(), templateVariables+source, "__alert_"+r.name, data,
		model.Time(s.tick), query, t.timeline.parsedURL, nil)
	result, err := expander.Expand()
	if err != nil {
		return fmt.Sprintf("<error expanding template: %s>", err)
	}
	return result
}

// labels gives an alert's labels: those of the result without the metric name, then the rule's, then alertname.
func (t *templates) labels(r *rule, s sighting) labels.Labels {
	b := labels.NewBuilder(s.element.source.metric)
	b.Del(labels.MetricName)
	for _, text := range r.labelTexts {
		b.Set(text.name, t.expand(r, text, s))
	}
	b.Set(labels.AlertName, r.name)
	return b.Labels()
}

func (t *templates) annotations(r *rule, s sighting) map[string]string {
	all := make(map[string]string, len(r.texts))
	for _, text := range r.texts {
		all[text.name] = t.expand(r, text, s)
	}
	return all
}

// plainLabel is a template action that inserts one label of the result and nothing else.
var plainLabel = regexp.MustCompile(`\{\{-?\s*(?:\$labels|\.Labels)\.\w+\s*-?\}\}`)

// labelsAreFixed says whether an alert's labels follow from the labels of its result alone, not from value or time.
func labelsAreFixed(r *rule) bool {
	return !slices.ContainsFunc(r.labelTexts, func(t text) bool {
		return strings.Contains(plainLabel.ReplaceAllString(t.template, ""), "{{")
	})
}

// queryingText gives the texts of a rule that run a query.
func queryingText(r *rule) string {
	var all strings.Builder
	for _, t := range slices.Concat(r.labelTexts, r.texts) {
		if t.queries {
			all.WriteString(t.template)
		}
	}
	return all.String()
}
