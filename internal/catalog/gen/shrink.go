package main

import (
	"fmt"
	"io"
	"strings"
)

// A catalogue with fewer services than this, or with more than one in fifty of the
// old actions gone, is taken for a broken edition: AWS retires services one at a time.
const (
	fewestServices = 400
	lossPerMille   = 20
)

func refuseShrunk(old, text string, n counts) error {
	if n.Services < fewestServices {
		return fmt.Errorf("%d services, expected at least %d: is the input complete?", n.Services, fewestServices)
	}
	before, now := actions(old), actions(text)
	if len(now)*1000 < len(before)*(1000-lossPerMille) {
		return fmt.Errorf("%d actions, %d before: is the input complete?", len(now), len(before))
	}
	return nil
}

// actions lists the actions of a packed text in its order.
func actions(text string) []string {
	var out []string
	service := ""
	for line := range strings.SplitSeq(text, "\n") {
		first, _, _ := strings.Cut(line, "\t")
		switch {
		case strings.HasPrefix(line, "="):
			service = line[1:]
		case service == "" || first == "" || first == "r" || first == "s":
		default:
			out = append(out, service+":"+first[1:])
		}
	}
	return out
}

// report writes which actions an edition adds and removes.
func report(log io.Writer, old, text string) {
	if old == "" {
		return
	}
	before, now := actions(old), actions(text)
	list(log, "+", now, before)
	list(log, "-", before, now)
}

func list(log io.Writer, sign string, of, without []string) {
	known := make(map[string]bool, len(without))
	for _, a := range without {
		known[a] = true
	}
	for _, a := range of {
		if !known[a] {
			fmt.Fprintln(log, sign, a)
		}
	}
}
