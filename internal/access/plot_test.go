package access_test

import (
	"fmt"
	"math"
	"strings"

	"github.com/grantdiff/grantdiff/internal/access"
)

// point is the work of one size.
type point struct {
	n, steps int
	decided  bool
}

type curve struct {
	name, about string
	points      []point
}

// plot draws steps against n, both on logarithmic scales, as SVG for light and dark
// pages. Points that the bound on work ended are hollow.
func plot(curves []curve) string {
	const (
		left, top, width, height = 64, 28, 560, 340
		minN, maxN               = 2, 1024
		minSteps, maxSteps       = 1e2, 1e8
	)
	x := func(n int) float64 { return left + width*math.Log(float64(n)/minN)/math.Log(maxN/minN) }
	y := func(steps float64) float64 {
		return top + height*(1-math.Log(steps/minSteps)/math.Log(maxSteps/minSteps))
	}
	colors := []string{"#0969da", "#1a7f37", "#9a6700", "#8250df", "#cf222e", "#bc4c00"}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 780 412" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Steps of the engine against the size of hard pairs">`+"\n")
	b.WriteString(`<style>text { fill: #1f2328 } .grid { stroke: #d1d9e0; fill: none } @media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .grid { stroke: #3d444d } }</style>` + "\n")
	for s := minSteps; s <= maxSteps; s *= 10 {
		fmt.Fprintf(&b, `<path class="grid" d="M%d %.1fh%d"/><text x="%d" y="%.1f" text-anchor="end">10<tspan dy="-4" font-size="9">%.0f</tspan></text>`+"\n", left, y(s), width, left-6, y(s)+4, math.Log10(s))
	}
	for n := minN; n <= maxN; n *= 2 {
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle">%d</text>`+"\n", x(n), top+height+18, n)
	}
	fmt.Fprintf(&b, `<path class="grid" stroke-dasharray="6 4" d="M%d %.1fh%d"/><text x="%d" y="%.1f">bound on work</text>`+"\n", left, y(access.DefaultWork), width, left+width+8, y(access.DefaultWork)+4)
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">n</text><text x="%d" y="12">steps</text>`+"\n", left+width/2, top+height+38, 8)
	for i, c := range curves {
		color := colors[i%len(colors)]
		var line []string
		for _, p := range c.points {
			line = append(line, fmt.Sprintf("%.1f,%.1f", x(p.n), y(float64(p.steps))))
		}
		fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.Join(line, " "), color)
		for _, p := range c.points {
			fill := color
			if !p.decided {
				fill = "none"
			}
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s" stroke="%s"/>`, x(p.n), y(float64(p.steps)), fill, color)
		}
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="10" height="10" fill="%s"/><text x="%d" y="%d">%s</text>`+"\n", left+width+16, top+60+20*i, color, left+width+32, top+69+20*i, c.name)
	}
	b.WriteString("</svg>\n")
	return b.String()
}
