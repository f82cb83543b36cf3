package main

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/relabel"
)

// The labels of targets and samples on their way from discovery to the store. The rules are run by Prometheus' own
// model/relabel; what happens around them is scrape/target.go (PopulateLabels) and scrape/scrape.go (mutateSampleLabels),
// followed line by line: the scrape package itself would double the size of the engine.

const (
	defaultScrapeInterval = time.Minute
	defaultScrapeTimeout  = 10 * time.Second
)

type relabelRequest struct {
	Config  ruleFile      `json:"config"`
	Targets []targetInput `json:"targets"`
}

// targetInput is one target as it is discovered, and maybe a sample that it exposes.
type targetInput struct {
	Job    string            `json:"job"`
	Labels map[string]string `json:"labels"`
	Sample map[string]string `json:"sample"`
}

type relabelResult struct {
	Errors  []ruleError      `json:"errors"`
	Jobs    []string         `json:"jobs"`
	Targets []relabelledWith `json:"targets"`
}

// relabelledWith is what became of a target or a sample. Line is that of the rule by which it was dropped.
type relabelledWith struct {
	Outcome string            `json:"outcome"`
	Labels  map[string]string `json:"labels,omitempty"`
	URL     string            `json:"url,omitempty"`
	Line    int               `json:"line,omitempty"`
	Message string            `json:"message,omitempty"`
	// Before are the labels that the first rule sees.
	Before map[string]string `json:"before,omitempty"`
	Steps  []relabelStep     `json:"steps"`
	Sample *relabelledWith   `json:"sample,omitempty"`
}

// relabelStep is one rule and the labels after it; none after the rule that dropped them.
type relabelStep struct {
	Line   int               `json:"line"`
	Action string            `json:"action"`
	Labels map[string]string `json:"labels,omitempty"`
}

func relabelTargets(request *relabelRequest) relabelResult {
	jobs, faults := loadScrapeJobs(request.Config)
	result := relabelResult{Errors: append([]ruleError{}, faults...), Jobs: []string{}, Targets: []relabelledWith{}}
	if len(faults) > 0 {
		return result
	}
	for _, job := range jobs {
		result.Jobs = append(result.Jobs, job.JobName)
	}
	for _, input := range request.Targets {
		at := slices.Index(result.Jobs, input.Job)
		if input.Job == "" && len(jobs) == 1 {
			at = 0
		}
		if at < 0 {
			result.Targets = append(result.Targets, relabelledWith{Outcome: "unknown job", Steps: []relabelStep{}})
			continue
		}
		result.Targets = append(result.Targets, jobs[at].relabelled(input))
	}
	return result
}

// relabelled does what PopulateLabels does, then what happens to a sample of the target.
func (j *scrapeJob) relabelled(input targetInput) relabelledWith {
	lb := labels.NewBuilder(labels.FromMap(input.Labels))
	if !j.bare {
		j.discovered(lb)
	}
	result := applyRules(lb, j.target)
	if result.Outcome == "dropped" || j.bare {
		return result
	}
	if fault := targetFault(lb); fault != nil {
		return result.refused(fault.Error())
	}
	lb.Range(func(l labels.Label) {
		if strings.HasPrefix(l.Name, model.MetaLabelPrefix) {
			lb.Del(l.Name)
		}
	})
	if lb.Get(model.InstanceLabel) == "" {
		lb.Set(model.InstanceLabel, lb.Get(model.AddressLabel))
	}
	all := lb.Labels()
	if fault := all.Validate(validValue); fault != nil {
		return result.refused(fault.Error())
	}
	target := public(all)
	result.Labels, result.URL = target.Map(), j.url(all)
	if input.Sample != nil {
		sample := j.sample(target, labels.FromMap(input.Sample))
		result.Sample = &sample
	}
	return result
}

// discovered adds what a job says to the labels of a target (PopulateDiscoveredLabels).
func (j *scrapeJob) discovered(lb *labels.Builder) {
	fallbacks := []labels.Label{
		{Name: model.JobLabel, Value: j.JobName},
		{Name: model.ScrapeIntervalLabel, Value: j.ScrapeInterval.String()},
		{Name: model.ScrapeTimeoutLabel, Value: j.ScrapeTimeout.String()},
		{Name: model.MetricsPathLabel, Value: j.MetricsPath},
		{Name: model.SchemeLabel, Value: j.Scheme},
		{Name: "__convert_classic_histograms_to_nhcb__", Value: strconv.FormatBool(*j.ConvertClassicHistograms)},
		{Name: "__always_scrape_classic_histograms__", Value: strconv.FormatBool(*j.AlwaysScrapeClassicHistograms)},
		{Name: "__scrape_native_histograms__", Value: strconv.FormatBool(*j.ScrapeNativeHistograms)},
	}
	for name, values := range j.Params {
		if len(values) > 0 {
			fallbacks = append(fallbacks, labels.Label{Name: model.ParamLabelPrefix + name, Value: values[0]})
		}
	}
	for _, l := range fallbacks {
		if lb.Get(l.Name) == "" {
			lb.Set(l.Name, l.Value)
		}
	}
}

// applyRules applies rules one by one and keeps the labels after each.
func applyRules(lb *labels.Builder, rules []relabelRule) relabelledWith {
	result := relabelledWith{Outcome: "kept", Before: lb.Labels().Map(), Steps: []relabelStep{}}
	for _, rule := range rules {
		step := relabelStep{Line: rule.line, Action: string(rule.config.Action)}
		if !relabel.ProcessBuilder(lb, rule.config) {
			result.Steps = append(result.Steps, step)
			result.Outcome, result.Line = "dropped", rule.line
			return result
		}
		step.Labels = lb.Labels().Map()
		result.Steps = append(result.Steps, step)
	}
	result.Labels = lb.Labels().Map()
	return result
}

// refused is what Prometheus cannot take although the rules kept it.
func (r relabelledWith) refused(message string) relabelledWith {
	return relabelledWith{Outcome: "refused", Message: message, Before: r.Before, Steps: r.Steps}
}

// targetFault says why Prometheus does not take a target that its rules kept.
func targetFault(lb *labels.Builder) error {
	address := lb.Get(model.AddressLabel)
	if address == "" {
		return fmt.Errorf("no address")
	}
	if strings.Contains(address, "/") {
		return fmt.Errorf("%q is not a valid hostname", address)
	}
	interval, err := scrapeDuration("interval", lb.Get(model.ScrapeIntervalLabel))
	if err != nil {
		return err
	}
	timeout, err := scrapeDuration("timeout", lb.Get(model.ScrapeTimeoutLabel))
	if err != nil {
		return err
	}
	if timeout > interval {
		return fmt.Errorf("scrape timeout cannot be greater than scrape interval (%q > %q)",
			lb.Get(model.ScrapeTimeoutLabel), lb.Get(model.ScrapeIntervalLabel))
	}
	for _, flag := range []string{"convert_classic_histograms_to_nhcb", "always_scrape_classic_histograms", "scrape_native_histograms"} {
		if text := lb.Get("__" + flag + "__"); text != "" {
			if _, err := strconv.ParseBool(text); err != nil {
				return fmt.Errorf("error parsing %s: %w", flag, err)
			}
		}
	}
	return nil
}

func scrapeDuration(of, text string) (model.Duration, error) {
	d, err := model.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("error parsing scrape %s: %w", of, err)
	}
	if d == 0 {
		return 0, fmt.Errorf("scrape %s cannot be 0", of)
	}
	return d, nil
}

func validValue(l labels.Label) error {
	if !model.LabelValue(l.Value).IsValid() {
		return fmt.Errorf("invalid label value for %q: %q", l.Name, l.Value)
	}
	return nil
}

// public leaves out the labels that begin with two underscores: they end with the scrape.
func public(all labels.Labels) labels.Labels {
	lb := labels.NewBuilder(all)
	all.Range(func(l labels.Label) {
		if strings.HasPrefix(l.Name, model.ReservedLabelPrefix) {
			lb.Del(l.Name)
		}
	})
	return lb.Labels()
}

// url is what is fetched (Target.URL).
func (j *scrapeJob) url(all labels.Labels) string {
	params := url.Values{}
	for name, values := range j.Params {
		params[name] = slices.Clone(values)
	}
	all.Range(func(l labels.Label) {
		if name, ok := strings.CutPrefix(l.Name, model.ParamLabelPrefix); ok {
			if len(params[name]) == 0 {
				params[name] = []string{""}
			}
			params[name][0] = l.Value
		}
	})
	address := url.URL{
		Scheme: all.Get(model.SchemeLabel), Host: all.Get(model.AddressLabel),
		Path: all.Get(model.MetricsPathLabel), RawQuery: params.Encode(),
	}
	return address.String()
}

// sample gives an exposed sample the labels of its target and runs metric_relabel_configs (mutateSampleLabels).
func (j *scrapeJob) sample(target, exposed labels.Labels) relabelledWith {
	lb := labels.NewBuilder(exposed)
	var conflicting []labels.Label
	target.Range(func(l labels.Label) {
		held := exposed.Get(l.Name)
		if j.HonorLabels && exposed.Has(l.Name) {
			return
		}
		if held != "" {
			conflicting = append(conflicting, labels.Label{Name: l.Name, Value: held})
		}
		lb.Set(l.Name, l.Value)
	})
	// What the sample said itself moves to exported_…, shorter names first (resolveConflictingExposedLabels).
	slices.SortStableFunc(conflicting, func(a, b labels.Label) int { return cmp.Compare(len(a.Name), len(b.Name)) })
	for _, l := range conflicting {
		name := model.ExportedLabelPrefix + l.Name
		for lb.Get(name) != "" {
			name = model.ExportedLabelPrefix + name
		}
		lb.Set(name, l.Value)
	}
	result := applyRules(lb, j.metric)
	if result.Outcome == "dropped" {
		return result
	}
	switch stored := lb.Labels(); {
	case stored.IsEmpty(): // a sample without any label is dropped like any other
		result.Outcome, result.Line, result.Labels = "dropped", result.Steps[len(result.Steps)-1].Line, nil
	case !stored.Has(labels.MetricName):
		return result.refused(fmt.Sprintf("missing metric name (%s label)", labels.MetricName))
	case !stored.IsValid(j.NameScheme):
		return result.refused(fmt.Sprintf("invalid metric name or label names: %s", stored))
	}
	return result
}
