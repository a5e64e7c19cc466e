package report

import (
	"charm.land/lipgloss/v2"

	"github.com/grantdiff/grantdiff/rules"
)

// palette styles single lines of text, or leaves them alone when it is off. It
// uses the sixteen colours that every terminal theme defines.
type palette struct{ on bool }

var (
	styleStrong = lipgloss.NewStyle().Bold(true)
	styleDim    = lipgloss.NewStyle().Faint(true)
	styleRed    = lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Color("1"))
	styleYellow = lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Color("3"))
	styleBlue   = lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Color("4"))
	styleGreen  = lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Color("2"))
	styleCyan   = lipgloss.NewStyle().Foreground(lipgloss.Color("6"))
)

func (p palette) paint(s lipgloss.Style, text string) string {
	if !p.on || text == "" {
		return text
	}
	return s.Render(text)
}

func (p palette) strong(text string) string { return p.paint(styleStrong, text) }
func (p palette) dim(text string) string    { return p.paint(styleDim, text) }
func (p palette) link(text string) string   { return p.paint(styleCyan, text) }

// level paints text in the colour of a level.
func (p palette) level(l rules.Level, text string) string {
	switch l {
	case rules.Error:
		return p.paint(styleRed, text)
	case rules.Warning:
		return p.paint(styleYellow, text)
	default:
		return p.paint(styleBlue, text)
	}
}
