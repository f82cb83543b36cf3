package main

import (
	"encoding/json"
	"math"
	"strconv"
)

// The messages between JavaScript and this program: JSON, except for the samples, which come as two float arrays.

type evaluateRequest struct {
	RuleFiles            []ruleFile        `json:"ruleFiles"`
	Series               []inputSeries     `json:"series"`
	StartMs              int64             `json:"startMs"`
	EndMs                int64             `json:"endMs"`
	EvaluationIntervalMs int64             `json:"evaluationIntervalMs"`
	ExternalLabels       map[string]string `json:"externalLabels"`
	ExternalURL          string            `json:"externalUrl"`
	Mode                 string            `json:"mode"`
	MaxSamples           int               `json:"maxSamples"`
	Queries              []rangeQuery      `json:"queries"`
}

type ruleFile struct {
	Name string `json:"name"`
	YAML string `json:"yaml"`
}

// ruleChange is a rule with other fields: those that are given replace the whole field.
type ruleChange struct {
	// Rule counts all rules, over files and groups, in order.
	Rule            int               `json:"rule"`
	Expr            *string           `json:"expr,omitzero"`
	ForMs           *int64            `json:"forMs,omitzero"`
	KeepFiringForMs *int64            `json:"keepFiringForMs,omitzero"`
	Labels          map[string]string `json:"labels,omitzero"`
	Annotations     map[string]string `json:"annotations,omitzero"`
}

// inputSeries takes the next Count entries of both float arrays.
type inputSeries struct {
	Labels  map[string]string `json:"labels"`
	Count   int               `json:"count"`
	StaleMs []int64           `json:"staleAtMs"`
}

type rangeQuery struct {
	ID      string `json:"id"`
	Expr    string `json:"expr"`
	StartMs int64  `json:"startMs"`
	EndMs   int64  `json:"endMs"`
	StepMs  int64  `json:"stepMs"`
}

type evaluateResult struct {
	Alerts     []*alertInstance `json:"alerts"`
	Errors     []ruleError      `json:"errors"`
	Queries    []queryResult    `json:"queries"`
	ModeUsed   string           `json:"modeUsed"`
	ModeReason string           `json:"modeReason,omitempty"`
	Stats      stats            `json:"stats"`
}

// openedCase is a case that stays loaded until it is closed.
type openedCase struct {
	Case   int             `json:"case"`
	Result *evaluateResult `json:"result"`
}

// trialResult has alerts and errors only where they are not the same as the base's: the alerts of the rules that came out
// otherwise, which Changed numbers, and all errors.
type trialResult struct {
	Same    bool             `json:"same"`
	Changed []int            `json:"changed"`
	Alerts  []*alertInstance `json:"alerts"`
	Errors  []ruleError      `json:"errors"`
}

type stats struct {
	Rules   int `json:"rules"`
	Samples int `json:"samples"`
	// InstantRules counts the rules that were evaluated instant by instant although the others were not.
	InstantRules int `json:"instantRules"`
}

type queryResult struct {
	ID     string        `json:"id"`
	Series []querySeries `json:"series"`
	Error  string        `json:"error,omitempty"`
}

type querySeries struct {
	Labels       map[string]string `json:"labels"`
	TimestampsMs []int64           `json:"timestampsMs"`
	Values       []number          `json:"values"`
}

type alertInstance struct {
	Rule            int               `json:"rule"`
	Alert           string            `json:"alert"`
	Group           string            `json:"group"`
	File            string            `json:"file"`
	Labels          map[string]string `json:"labels"`
	Phases          []*alertPhase     `json:"phases"`
	Annotations     map[string]string `json:"annotations"`
	LastAnnotations map[string]string `json:"lastAnnotations"`
	Value           number            `json:"value"`
	LastValue       number            `json:"lastValue"`
}

type alertPhase struct {
	State  string `json:"state"`
	FromMs int64  `json:"fromMs"`
	ToMs   *int64 `json:"toMs,omitempty"`
}

// ruleError is one fault of a rule file, or what went wrong when a rule was evaluated.
type ruleError struct {
	File    string `json:"file"`
	Group   string `json:"group,omitempty"`
	Rule    string `json:"rule,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	// FirstAtMs and Ticks are set by evaluation: the first tick that failed so, and how many did.
	FirstAtMs *int64 `json:"firstAtMs,omitempty"`
	Ticks     int    `json:"ticks,omitempty"`
}

// number is a float that survives JSON: what JSON cannot write becomes "NaN", "+Inf" or "-Inf".
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	f := float64(n)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return json.Marshal(strconv.FormatFloat(f, 'g', -1, 64))
	}
	return strconv.AppendFloat(nil, f, 'g', -1, 64), nil
}
