package main

import (
	"encoding/json"
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"syscall/js"
	"unsafe"
)

// main registers the engine's functions as the global `__firedrill` and stays, so that they can be called. Each takes a
// JSON text (evaluate and openCase: and two Float64Array's bytes) and gives one: {"result": …} or {"error": "…"}.
func main() {
	// A collection takes longer than a small evaluation: few of them, as long as there is memory.
	debug.SetGCPercent(800)
	limitMemory()
	js.Global().Set("__firedrill", map[string]any{
		"evaluate": function(func(args []js.Value) (any, error) {
			request, t, err := requested(args)
			if err != nil {
				return nil, err
			}
			return evaluate(request, t)
		}),
		"openCase": function(func(args []js.Value) (any, error) {
			request, t, err := requested(args)
			if err != nil {
				return nil, err
			}
			defer limitMemory()
			return cases.open(request, t)
		}),
		"try": function(func(args []js.Value) (any, error) {
			return cases.try(args[0].Int(), args[1].String())
		}),
		"closeCase": function(func(args []js.Value) (any, error) {
			defer limitMemory()
			delete(cases.byNumber, args[0].Int())
			return nil, nil
		}),
		"checkRules": function(func(args []js.Value) (any, error) {
			var files []ruleFile
			if err := json.Unmarshal([]byte(args[0].String()), &files); err != nil {
				return nil, err
			}
			return checkRules(files), nil
		}),
		"openUnitTest":  function(runUnitTest),
		"tryUnitTest":   function(tryUnitTest),
		"closeUnitTest": function(closeUnitTest),
		"mutants": function(func(args []js.Value) (any, error) {
			var files []ruleFile
			if err := json.Unmarshal([]byte(args[0].String()), &files); err != nil {
				return nil, err
			}
			return mutants(files), nil
		}),
		"ask": function(func(args []js.Value) (any, error) {
			var request askRequest
			if err := json.Unmarshal([]byte(args[0].String()), &request); err != nil {
				return nil, err
			}
			return ask(&request)
		}),
		"readNotation": function(func(args []js.Value) (any, error) {
			var lines []string
			if err := json.Unmarshal([]byte(args[0].String()), &lines); err != nil {
				return nil, err
			}
			return readNotation(lines)
		}),
		"relabel": function(func(args []js.Value) (any, error) {
			var request relabelRequest
			if err := json.Unmarshal([]byte(args[0].String()), &request); err != nil {
				return nil, err
			}
			return relabelTargets(&request), nil
		}),
		"parse": function(func(args []js.Value) (any, error) {
			return describeExpr(args[0].String()), nil
		}),
	})
	select {}
}

// limitMemory says from where on memory is collected at any cost: below the 384 MB at which JavaScript ends the program, but
// well above what open cases keep, or that would be always.
func limitMemory() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	debug.SetMemoryLimit(max(300<<20, 2*int64(live[0].Value.Uint64())))
}

// requested reads a request and its series' samples.
func requested(args []js.Value) (*evaluateRequest, *timeline, error) {
	var request evaluateRequest
	if err := json.Unmarshal([]byte(args[0].String()), &request); err != nil {
		return nil, nil, err
	}
	timestamps := floats(args[1])
	milliseconds := make([]int64, len(timestamps))
	for i, t := range timestamps {
		if milliseconds[i] = int64(t); float64(milliseconds[i]) != t {
			return nil, nil, fmt.Errorf("timestamp %v is not a whole number of milliseconds", t)
		}
	}
	t, err := timelineOf(&request, milliseconds, floats(args[2]))
	return &request, t, err
}

// reply is what a call gives unless it fails.
type reply struct {
	Result any `json:"result"`
}

// function makes a Go function callable from JavaScript. A panic becomes an error, so that later calls still work.
func function(answer func(args []js.Value) (any, error)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) (text any) {
		defer func() {
			if cause := recover(); cause != nil {
				text = failure(fmt.Sprintf("the engine broke down: %v\n%s", cause, debug.Stack()))
			}
		}()
		result, err := answer(args)
		if err != nil {
			return failure(err.Error())
		}
		answered, err := json.Marshal(reply{result})
		if err != nil {
			return failure(err.Error())
		}
		return string(answered)
	})
}

func failure(message string) string {
	text, _ := json.Marshal(map[string]string{"error": message})
	return string(text)
}

// floats copies the bytes of a Float64Array (given as Uint8Array; both sides are little-endian).
func floats(bytes js.Value) []float64 {
	held := make([]float64, bytes.Length()/8)
	if len(held) > 0 {
		js.CopyBytesToGo(unsafe.Slice((*byte)(unsafe.Pointer(&held[0])), len(held)*8), bytes)
	}
	return held
}
