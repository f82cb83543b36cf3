// Package prometheus stands in for the metrics that Prometheus keeps about itself: nobody scrapes an engine that runs
// for a second, and the real package brings an HTTP server and protocol buffers along.
package prometheus

import "time"

// A metric takes every call and keeps nothing.
type metric struct{}

func (metric) Inc()            {}
func (metric) Dec()            {}
func (metric) Add(float64)     {}
func (metric) Sub(float64)     {}
func (metric) Set(float64)     {}
func (metric) Observe(float64) {}

type (
	// Counter only goes up.
	Counter interface {
		Collector
		Inc()
		Add(float64)
	}
	// Gauge goes up and down.
	Gauge interface {
		Counter
		Dec()
		Sub(float64)
		Set(float64)
	}
	// Observer takes single values.
	Observer interface{ Observe(float64) }
	// Collector is what can be registered.
	Collector interface{}
	// Registerer is where.
	Registerer interface {
		Register(Collector) error
		MustRegister(...Collector)
		Unregister(Collector) bool
	}
)

type (
	// Opts describe a metric.
	Opts struct{ Namespace, Subsystem, Name, Help string }
	// CounterOpts describe a counter.
	CounterOpts = Opts
	// GaugeOpts describe a gauge.
	GaugeOpts = Opts
	// SummaryOpts describe a summary.
	SummaryOpts struct {
		Namespace, Subsystem, Name, Help string
		Objectives                       map[float64]float64
	}
	// HistogramOpts describe a histogram.
	HistogramOpts struct {
		Namespace, Subsystem, Name, Help string
		Buckets                          []float64
		NativeHistogramBucketFactor      float64
		NativeHistogramMaxBucketNumber   uint32
		NativeHistogramMinResetDuration  time.Duration
	}
)

// CounterVec holds counters by label.
type CounterVec struct{ metric }

// ObserverVec holds summaries or histograms by label.
type ObserverVec struct{ metric }

// WithLabelValues gives one of the counters.
func (v CounterVec) WithLabelValues(...string) Counter { return v.metric }

// WithLabelValues gives one of the observers.
func (v ObserverVec) WithLabelValues(...string) Observer { return v.metric }

// The constructors, which all give the same nothing.
func NewCounter(CounterOpts) Counter                       { return metric{} }
func NewGauge(GaugeOpts) Gauge                             { return metric{} }
func NewCounterVec(CounterOpts, []string) *CounterVec      { return &CounterVec{} }
func NewSummaryVec(SummaryOpts, []string) *ObserverVec     { return &ObserverVec{} }
func NewHistogramVec(HistogramOpts, []string) *ObserverVec { return &ObserverVec{} }
func MustRegister(...Collector)                            {}
