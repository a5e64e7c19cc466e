package policy

// Pattern is a text of the policy language cut into pieces.
type Pattern []Piece

// PieceKind tells what a piece of a pattern matches.
type PieceKind int

// The kinds of pieces.
const (
	Literal     PieceKind = iota // Text itself
	AnySequence                  // "*": any run of characters, also none
	AnyChar                      // "?": exactly one character
	Variable                     // "${Key}": the value of a context key
)

// Piece is a part of a Pattern.
type Piece struct {
	Kind    PieceKind
	Text    string  // for Literal
	Key     string  // for Variable: the context key, lower case
	Default *string // for Variable: used when the key is absent; nil: none
}
