package main

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/template"
)

// The variables that Prometheus defines for alert templates.
const templateVariables = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}"

// templates expands the texts of alerts.
type templates struct {
	queries        *queries
	externalLabels map[string]string
	externalURL    *url.URL
	externalText   string
}

// sighting is one element of an alert's result, kept so that its texts can be rendered when they are wanted.
type sighting struct {
	tick    int64
	element element
}

// expand renders one text. A template that fails gives its error as text, as Prometheus does: an alert with a broken
// message is better than none.
func (t *templates) expand(r *rule, text string, s sighting) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	sample := promql.Sample{Metric: s.element.source.metric, F: s.element.f, H: s.element.h}
	data := template.AlertTemplateData(sample.Metric.Map(), t.externalLabels, t.externalText, sample)
	query := func(_ context.Context, expr string, at time.Time) (promql.Vector, error) {
		return t.queries.instant(expr, at.UnixMilli(), s.tick)
	}
	expander := template.NewTemplateExpander(context.Background(), templateVariables+text, "__alert_"+r.name, data,
		model.Time(s.tick), query, t.externalURL, nil)
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
	r.labels.Range(func(l labels.Label) { b.Set(l.Name, t.expand(r, l.Value, s)) })
	b.Set(labels.AlertName, r.name)
	return b.Labels()
}

func (t *templates) annotations(r *rule, s sighting) map[string]string {
	rendered := make(map[string]string, r.annotations.Len())
	r.annotations.Range(func(a labels.Label) { rendered[a.Name] = t.expand(r, a.Value, s) })
	return rendered
}

// plainLabel is a template action that inserts one label of the result and nothing else.
var plainLabel = regexp.MustCompile(`\{\{-?\s*(?:\$labels|\.Labels)\.\w+\s*-?\}\}`)

// labelsAreFixed says whether an alert's labels follow from the labels of its result alone, not from value or time.
func labelsAreFixed(r *rule) bool {
	fixed := true
	r.labels.Range(func(l labels.Label) {
		fixed = fixed && !strings.Contains(plainLabel.ReplaceAllString(l.Value, ""), "{{")
	})
	return fixed
}

// queryingText gives the templates of a rule if any of them runs a query, else "".
func queryingText(r *rule) string {
	var all strings.Builder
	collect := func(l labels.Label) {
		if strings.Contains(l.Value, "{{") {
			all.WriteString(l.Value)
		}
	}
	r.labels.Range(collect)
	r.annotations.Range(collect)
	if !strings.Contains(all.String(), "query") {
		return ""
	}
	return all.String()
}
