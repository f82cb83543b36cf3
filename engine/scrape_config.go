package main

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/relabel"
	"go.yaml.in/yaml/v3"
)

// scrapeJob is what one scrape config says about labels. Of its other keys only the names are checked.
type scrapeJob struct {
	JobName        string         `yaml:"job_name"`
	ScrapeInterval model.Duration `yaml:"scrape_interval"`
	ScrapeTimeout  model.Duration `yaml:"scrape_timeout"`
	MetricsPath    string         `yaml:"metrics_path"`
	Scheme         string         `yaml:"scheme"`
	Params         url.Values     `yaml:"params"`
	HonorLabels    bool           `yaml:"honor_labels"`

	ConvertClassicHistograms      *bool `yaml:"convert_classic_histograms_to_nhcb"`
	AlwaysScrapeClassicHistograms *bool `yaml:"always_scrape_classic_histograms"`
	ScrapeNativeHistograms        *bool `yaml:"scrape_native_histograms"`

	NameScheme model.ValidationScheme `yaml:"metric_name_validation_scheme"`

	RelabelConfigs       []yaml.Node `yaml:"relabel_configs"`
	MetricRelabelConfigs []yaml.Node `yaml:"metric_relabel_configs"`

	target, metric []relabelRule
	// bare is true for a list of rules without a scrape config around it.
	bare bool
}

type relabelRule struct {
	config *relabel.Config
	line   int
}

// scrapeGlobals are the defaults of every job: the section `global`.
type scrapeGlobals struct {
	ScrapeInterval model.Duration `yaml:"scrape_interval"`
	ScrapeTimeout  model.Duration `yaml:"scrape_timeout"`

	ConvertClassicHistograms      bool `yaml:"convert_classic_histograms_to_nhcb"`
	AlwaysScrapeClassicHistograms bool `yaml:"always_scrape_classic_histograms"`
	ScrapeNativeHistograms        bool `yaml:"scrape_native_histograms"`

	NameScheme model.ValidationScheme `yaml:"metric_name_validation_scheme"`
}

// Keys of a relabelling rule, and those of a scrape config that are not service discovery: config/config.go,
// model/relabel and common/config/http_config.go of the versions that go.mod names.
var (
	ruleKeys   = strings.Fields("source_labels separator regex modulus target_label replacement action")
	scrapeKeys = strings.Fields(`job_name honor_labels honor_timestamps track_timestamps_staleness params scrape_interval
		scrape_timeout scrape_protocols fallback_scrape_protocol scrape_native_histograms always_scrape_classic_histograms
		convert_classic_histograms_to_nhcb scrape_failure_log_file metrics_path scheme enable_compression body_size_limit
		sample_limit target_limit label_limit label_name_length_limit label_value_length_limit native_histogram_bucket_limit
		native_histogram_min_bucket_factor keep_dropped_targets metric_name_validation_scheme metric_name_escaping_scheme
		extra_scrape_metrics relabel_configs metric_relabel_configs static_configs basic_auth authorization oauth2 bearer_token
		bearer_token_file tls_config follow_redirects enable_http2 http_headers proxy_url no_proxy proxy_from_environment
		proxy_connect_header`)
)

// loadScrapeJobs reads a whole prometheus.yml (or a file of scrape_config_files), a single scrape config, or a list of
// relabelling rules. As Prometheus does, it refuses a file with any fault as a whole.
func loadScrapeJobs(file ruleFile) (jobs []*scrapeJob, faults []ruleError) {
	loader := &scrapeLoader{file: file}
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(file.YAML), &document); err != nil {
		loader.fault(0, err)
		return nil, loader.faults
	}
	if len(document.Content) == 0 {
		loader.fault(1, errors.New("the file is empty; it needs scrape_configs, a scrape config or a list of relabelling rules"))
		return nil, loader.faults
	}
	switch root := document.Content[0]; {
	case root.Kind == yaml.SequenceNode:
		job := &scrapeJob{bare: true}
		for _, rule := range root.Content {
			job.RelabelConfigs = append(job.RelabelConfigs, *rule)
		}
		job.target = loader.rules(job.RelabelConfigs, model.UTF8Validation)
		jobs = append(jobs, job)
	case valueOf(root, "scrape_configs") != nil:
		var whole struct {
			Global        scrapeGlobals `yaml:"global"`
			ScrapeConfigs []yaml.Node   `yaml:"scrape_configs"`
		}
		if err := root.Decode(&whole); err != nil {
			loader.fault(root.Line, err)
			break
		}
		loader.global(&whole.Global, valueOf(root, "global"))
		for i := range whole.ScrapeConfigs {
			job := loader.job(&whole.ScrapeConfigs[i], whole.Global)
			if slices.ContainsFunc(jobs, func(other *scrapeJob) bool { return other.JobName == job.JobName }) {
				loader.fault(whole.ScrapeConfigs[i].Line, fmt.Errorf("there is another scrape config with job_name %q", job.JobName))
			}
			jobs = append(jobs, job)
		}
	case valueOf(root, "job_name") != nil:
		global := scrapeGlobals{}
		loader.global(&global, nil)
		jobs = append(jobs, loader.job(root, global))
	default:
		loader.fault(root.Line, errors.New("there is neither scrape_configs nor job_name here, nor is it a list of relabelling rules"))
	}
	if len(loader.faults) > 0 {
		return nil, loader.faults
	}
	return jobs, nil
}

// scrapeLoader gathers every fault of a file.
type scrapeLoader struct {
	file   ruleFile
	faults []ruleError
}

// fault adds what is wrong; `line` is used where the error names none.
func (l *scrapeLoader) fault(line int, err error) {
	for _, placed := range placeErrors(l.file, []error{err}) {
		if placed.Line == 0 {
			placed.Line = line
		}
		l.faults = append(l.faults, placed)
	}
}

// global applies the defaults of `global` (config.GlobalConfig.UnmarshalYAML).
func (l *scrapeLoader) global(g *scrapeGlobals, at *yaml.Node) {
	if g.ScrapeInterval == 0 {
		g.ScrapeInterval = model.Duration(defaultScrapeInterval)
	}
	if g.ScrapeTimeout > g.ScrapeInterval {
		l.fault(at.Line, errors.New("global scrape timeout greater than scrape interval"))
	}
	if g.ScrapeTimeout == 0 {
		g.ScrapeTimeout = min(model.Duration(defaultScrapeTimeout), g.ScrapeInterval)
	}
	if g.NameScheme == model.UnsetValidation {
		g.NameScheme = model.UTF8Validation
	}
}

// job reads one scrape config and applies its defaults (config.ScrapeConfig.UnmarshalYAML and Validate).
func (l *scrapeLoader) job(node *yaml.Node, global scrapeGlobals) *scrapeJob {
	job := &scrapeJob{MetricsPath: "/metrics", Scheme: "http"}
	l.keys(node, "a scrape config", func(key string) bool {
		return slices.Contains(scrapeKeys, key) || strings.HasSuffix(key, "_sd_configs")
	})
	if err := node.Decode(job); err != nil {
		l.fault(node.Line, err)
		return job
	}
	if job.JobName == "" {
		l.fault(node.Line, errors.New("job_name is empty"))
	}
	if job.ScrapeInterval == 0 {
		job.ScrapeInterval = global.ScrapeInterval
	}
	if job.ScrapeTimeout > job.ScrapeInterval {
		l.fault(node.Line, fmt.Errorf("scrape timeout greater than scrape interval for scrape config with job name %q", job.JobName))
	}
	if job.ScrapeTimeout == 0 {
		job.ScrapeTimeout = min(global.ScrapeTimeout, job.ScrapeInterval)
	}
	if job.NameScheme == model.UnsetValidation {
		job.NameScheme = global.NameScheme
	}
	for flag, fallback := range map[**bool]*bool{
		&job.ConvertClassicHistograms:      &global.ConvertClassicHistograms,
		&job.AlwaysScrapeClassicHistograms: &global.AlwaysScrapeClassicHistograms,
		&job.ScrapeNativeHistograms:        &global.ScrapeNativeHistograms,
	} {
		if *flag == nil {
			*flag = fallback
		}
	}
	job.target = l.rules(job.RelabelConfigs, job.NameScheme)
	job.metric = l.rules(job.MetricRelabelConfigs, job.NameScheme)
	return job
}

func (l *scrapeLoader) rules(nodes []yaml.Node, scheme model.ValidationScheme) (rules []relabelRule) {
	for i := range nodes {
		node := &nodes[i]
		if node.Kind == yaml.AliasNode {
			node = node.Alias
		}
		rule := relabelRule{config: &relabel.Config{}, line: node.Line}
		known := l.keys(node, "a relabelling rule", func(key string) bool { return slices.Contains(ruleKeys, key) })
		if err := node.Decode(rule.config); err != nil {
			l.fault(lineOfFault(node), err)
		} else if node.Kind != yaml.MappingNode {
			l.fault(node.Line, errors.New("empty or null relabelling rule"))
		} else if err := rule.config.Validate(scheme); err != nil && known {
			l.fault(node.Line, err)
		}
		rules = append(rules, rule)
	}
	return rules
}

// keys finds keys that do not exist; Prometheus refuses a file with one.
func (l *scrapeLoader) keys(node *yaml.Node, of string, known func(string) bool) (all bool) {
	all = true
	for i := 0; i+1 < len(node.Content) && node.Kind == yaml.MappingNode; i += 2 {
		if key := node.Content[i]; key.Value != "<<" && !known(key.Value) {
			all = false
			l.faults = append(l.faults, ruleError{
				File: l.file.Name, Line: key.Line, Column: key.Column, Message: fmt.Sprintf("%s has no key %q", of, key.Value),
			})
		}
	}
	return all
}

// lineOfFault gives the line of the first value of a rule that cannot be read: an error of a regex or an action names none.
func lineOfFault(node *yaml.Node) int {
	for i := 0; i+1 < len(node.Content) && node.Kind == yaml.MappingNode; i += 2 {
		pair := &yaml.Node{Kind: yaml.MappingNode, Tag: node.Tag, Content: node.Content[i : i+2]}
		if pair.Decode(&relabel.Config{}) != nil {
			return node.Content[i+1].Line
		}
	}
	return node.Line
}

func valueOf(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content) && mapping.Kind == yaml.MappingNode; i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}
