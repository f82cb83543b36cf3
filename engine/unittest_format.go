package main

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"go.yaml.in/yaml/v2"
)

// The file format of `promtool test rules` (cmd/promtool/unittest.go of Prometheus 3.15), read as promtool reads it: the
// same strict decoder and the same types of values, so that what is an error there is one here.

type unitTestFile struct {
	RuleFiles          []string       `yaml:"rule_files"`
	EvaluationInterval model.Duration `yaml:"evaluation_interval,omitempty"`
	GroupEvalOrder     []string       `yaml:"group_eval_order"`
	Tests              []testGroup    `yaml:"tests"`
	FuzzyCompare       bool           `yaml:"fuzzy_compare,omitempty"`
}

type testGroup struct {
	Interval        model.Duration     `yaml:"interval"`
	InputSeries     []notedSeries      `yaml:"input_series"`
	AlertRuleTests  []alertTestCase    `yaml:"alert_rule_test,omitempty"`
	PromqlExprTests []promqlTestCase   `yaml:"promql_expr_test,omitempty"`
	ExternalLabels  labels.Labels      `yaml:"external_labels,omitempty"`
	ExternalURL     string             `yaml:"external_url,omitempty"`
	Name            string             `yaml:"name,omitempty"`
	StartTimestamp  testStartTimestamp `yaml:"start_timestamp,omitempty"`
}

type notedSeries struct {
	Series string `yaml:"series"`
	Values string `yaml:"values"`
}

type alertTestCase struct {
	EvalTime  model.Duration  `yaml:"eval_time"`
	Alertname string          `yaml:"alertname"`
	ExpAlerts []expectedAlert `yaml:"exp_alerts"`
}

type expectedAlert struct {
	Labels      map[string]string `yaml:"exp_labels"`
	Annotations map[string]string `yaml:"exp_annotations"`
}

type promqlTestCase struct {
	Expr       string           `yaml:"expr"`
	EvalTime   model.Duration   `yaml:"eval_time"`
	ExpSamples []expectedSample `yaml:"exp_samples"`
}

type expectedSample struct {
	Labels string  `yaml:"labels"`
	Value  float64 `yaml:"value"`
	// Histogram, where it is given, is compared in addition to Value.
	Histogram string `yaml:"histogram"`
}

// testStartTimestamp is RFC 3339 or seconds since the epoch.
type testStartTimestamp struct{ time.Time }

func (t *testStartTimestamp) UnmarshalYAML(unmarshal func(any) error) error {
	var text string
	if err := unmarshal(&text); err != nil {
		return err
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		if math.IsNaN(seconds) || math.Abs(seconds) > math.MaxInt64 {
			return fmt.Errorf("cannot use %q as a timestamp", text)
		}
		whole, fraction := math.Modf(seconds)
		t.Time = time.Unix(int64(whole), int64(fraction*float64(time.Second))).UTC()
		return nil
	}
	parsed, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return fmt.Errorf("cannot parse %q to a valid timestamp", text)
	}
	t.Time = parsed
	return nil
}

const defaultEvaluationInterval = model.Duration(time.Minute)

// readUnitTest decodes a file and fills in the defaults. The faults are what promtool would refuse it for.
func readUnitTest(name, source string) (*unitTestFile, []ruleError) {
	file := &unitTestFile{}
	if err := yaml.UnmarshalStrict([]byte(source), file); err != nil {
		return nil, placeDecodingErrors(name, source, err)
	}
	if file.EvaluationInterval == 0 {
		file.EvaluationInterval = defaultEvaluationInterval
	}
	for i := range file.Tests {
		if file.Tests[i].Interval == 0 {
			file.Tests[i].Interval = file.EvaluationInterval
		}
	}
	return file, nil
}

var (
	unknownField = regexp.MustCompile(`^field (.*) not found in type main\.(\w+)$`)
	fieldTwice   = regexp.MustCompile(`^field (.*) already set in type main\.\w+$`)
	quotedText   = regexp.MustCompile(`"(.*)"`)
	wrongType    = regexp.MustCompile("^cannot unmarshal (!!\\w+)(?: `(.*)`)? into (.*)$")
)

// placeDecodingErrors gives what the decoder says with its lines, in words that do not speak of Go's types.
func placeDecodingErrors(name, source string, err error) (faults []ruleError) {
	for _, fault := range placeErrors(ruleFile{Name: name, YAML: source}, []error{err}) {
		if at := unknownField.FindStringSubmatch(fault.Message); at != nil {
			fault.Message = fmt.Sprintf("unknown field %q; a test has here: %s", at[1], strings.Join(knownFields[at[2]], ", "))
			if at[1] == "groups" && at[2] == "unitTestFile" {
				fault.Message = `"groups" is what a rule file has; a test names rule files under rule_files and its cases under tests`
			}
		} else if at := wrongType.FindStringSubmatch(fault.Message); at != nil {
			fault.Message = fmt.Sprintf("%s where %s is wanted", described(at[1], at[2]), wantedKind(at[3]))
		} else if at := fieldTwice.FindStringSubmatch(fault.Message); at != nil {
			fault.Message = fmt.Sprintf("%q stands here for the second time", at[1])
		} else if at := quotedText.FindStringSubmatch(fault.Message); at != nil && fault.Line == 0 {
			fault.Line, fault.Column = findScalar(source, at[1])
		}
		faults = append(faults, fault)
	}
	return faults
}

var yamlKinds = map[string]string{
	"!!seq": "a list", "!!map": "a mapping", "!!str": "the text", "!!int": "the number", "!!float": "the number",
	"!!bool": "the word", "!!null": "nothing",
}

func described(tag, value string) string {
	kind, known := yamlKinds[tag]
	if !known {
		kind = tag
	}
	return strings.TrimSpace(kind + " " + value)
}

func wantedKind(goType string) string {
	switch {
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case strings.HasPrefix(goType, "map["), strings.HasPrefix(goType, "main."):
		return "a mapping"
	case goType == "float64":
		return "a number"
	case goType == "bool":
		return "true or false"
	}
	return "a text"
}

// knownFields lists the fields by Go type, for the message about one that is none.
var knownFields = func() map[string][]string {
	fields := map[string][]string{}
	for _, of := range []any{unitTestFile{}, testGroup{}, notedSeries{}, alertTestCase{}, expectedAlert{}, promqlTestCase{}, expectedSample{}} {
		t := reflect.TypeOf(of)
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
			fields[t.Name()] = append(fields[t.Name()], name)
		}
	}
	return fields
}()

// evaluationOrder gives each group that the file orders its number. Groups without one share number 0 with the first.
func (f *unitTestFile) evaluationOrder() (map[string]int, error) {
	order := map[string]int{}
	for i, name := range f.GroupEvalOrder {
		if _, twice := order[name]; twice {
			return nil, fmt.Errorf("group %q stands twice in group_eval_order", name)
		}
		order[name] = i
	}
	return order, nil
}

// startMs is where a test begins: its start_timestamp, or the epoch.
func (t *testGroup) startMs() int64 {
	if t.StartTimestamp.IsZero() {
		return 0
	}
	return t.StartTimestamp.UnixMilli()
}

// lastEvalMs is the latest eval_time of all its cases, from its start.
func (t *testGroup) lastEvalMs() (last int64) {
	for _, a := range t.AlertRuleTests {
		last = max(last, milliseconds(a.EvalTime))
	}
	for _, p := range t.PromqlExprTests {
		last = max(last, milliseconds(p.EvalTime))
	}
	return last
}

// missingAlertname is the first case without one: promtool then runs nothing of the test.
func (t *testGroup) missingAlertname() (at int, err error) {
	for i, a := range t.AlertRuleTests {
		if a.Alertname == "" {
			return i, errors.New("alertname is missing")
		}
	}
	return 0, nil
}
