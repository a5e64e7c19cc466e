package terraform

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors"
)

var update = flag.Bool("update", false, "rewrite the tables of docs/terraform.md")

const (
	docsPage = "../../docs/terraform.md"
	// docsMark divides what is written by hand from what is made from the tables.
	docsMark = "<!-- What follows is made from the tables: go test ./extractors/terraform -update -->\n"
)

// TestDocs holds the page to the tables.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile(docsPage)
	if err != nil {
		t.Fatal(err)
	}
	head, _, found := strings.Cut(string(page), docsMark)
	if !found {
		t.Fatalf("%s lacks the line %q", docsPage, docsMark)
	}
	want := head + docsMark + tablesText()
	if *update {
		if err := os.WriteFile(docsPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := gocmp.Diff(want, string(page)); diff != "" {
		t.Errorf("run go test ./extractors/terraform -update (-want +got):\n%s", diff)
	}
}

// section is one table of the page.
type section struct {
	title, text string
	head        []string
	lines       [][]string
}

// tablesText writes all tables.
func tablesText() string {
	documents := section{"Policy documents", "Compared statement by statement.", []string{"Type", "Attribute", "Kind", "Policy of", "Remarks"}, nil}
	links := section{"Links", "What they lead to counts for their subject.", []string{"Type", "Attribute", "Link", "Of", "To"}, nil}
	permits := section{"Statements", "Compared as the statements that they amount to.", []string{"Type", "Attribute", "It", "On", "Statements"}, nil}
	lists := section{"Access control lists", "Compared as the statements that Amazon S3 maps them to.", []string{"Type", "Attribute", "It", "On"}, nil}
	blocks := section{"Settings that hold access back", "Compared setting by setting, and taken into account when access is public.", []string{"Type", "Attribute", "It", "Protects", "Settings"}, nil}
	for i := range table {
		r := &table[i]
		line := []string{code(r.Type), code(r.Path)}
		if r.Block != nil {
			line[1] = code(cmp.Or(r.Block.Name, r.Path))
		}
		switch {
		case r.Link != nil:
			target := r.Link.Target
			if r.Link.Pathed {
				target += ", by path and name"
			}
			links.lines = append(links.lines, append(line, string(r.Link.Kind), subjectText(r.Subject, r.Of), target))
		case r.Block != nil:
			blocks.lines = append(blocks.lines, append(line, r.Block.Does, subjectText(r.Subject, r.Of), settingsText(r.Block)))
		case r.Permit != nil && r.Kind == extractors.ACL:
			lists.lines = append(lists.lines, append(line, r.Permit.Does, subjectText(r.Subject, r.Of)))
		case r.Permit != nil:
			permits.lines = append(permits.lines, append(line, r.Permit.Does, subjectText(r.Subject, r.Of), statementText(r.Permit)))
		default:
			documents.lines = append(documents.lines, append(line, string(r.Kind), subjectText(r.Subject, r.Of), remarks(r)))
		}
	}
	told := section{"Told only", "That they change is said, as access that could not be compared.", []string{"Type", "Attribute", "It", "Why it is not compared"}, nil}
	for i := range allUnread {
		u := &allUnread[i]
		why := u.Why
		if why == "" {
			why = "not yet"
		}
		told.lines = append(told.lines, []string{code(u.Type), code(u.attributes()[0]), u.Does, why})
	}
	none := section{"Not compared", "They name nobody, or follow another grammar, and need no row of their own.", []string{"Type", "Attribute", "Why"}, nil}
	for _, key := range slices.Sorted(maps.Keys(elsewhere)) {
		typ, attribute, _ := strings.Cut(key, ".")
		none.lines = append(none.lines, []string{code(typ), code(attribute), elsewhere[key]})
	}
	for _, typ := range slices.Sorted(maps.Keys(otherGrammar)) {
		if !slices.ContainsFunc(allUnread, func(u unread) bool { return u.Type == typ && u.attributes()[0] == otherGrammar[typ] }) &&
			!slices.ContainsFunc(table, func(r row) bool { return r.Type == typ && r.Path == otherGrammar[typ] }) {
			none.lines = append(none.lines, []string{code(typ), code(otherGrammar[typ]), "no policy of IAM, though it looks like one"})
		}
	}
	var b strings.Builder
	types := map[string]bool{}
	for _, s := range []section{documents, links, permits, lists, blocks, told} {
		for _, l := range s.lines {
			types[l[0]] = true
		}
	}
	fmt.Fprintf(&b, "\n%d resource types.\n", len(types))
	for _, s := range []section{documents, links, permits, lists, blocks, told, none} {
		s.write(&b)
	}
	return b.String()
}

func (s section) write(b *strings.Builder) {
	if len(s.lines) == 0 {
		return
	}
	plain := func(l []string) string { return strings.ReplaceAll(strings.Join(l, "\x00"), "`", "") }
	slices.SortStableFunc(s.lines, func(a, b []string) int { return strings.Compare(plain(a), plain(b)) })
	fmt.Fprintf(b, "\n## %s\n\n%s\n\n| %s |\n|%s\n", s.title, s.text, strings.Join(s.head, " | "), strings.Repeat(" --- |", len(s.head)))
	for _, l := range s.lines {
		for i := range l {
			l[i] = strings.ReplaceAll(l[i], "|", `\|`)
		}
		fmt.Fprintf(b, "| %s |\n", strings.Join(l, " | "))
	}
}

func code(s string) string { return "`" + s + "`" }

// subjectText says whose access a row is about.
func subjectText(kind, of string) string {
	if of == "" {
		return kind
	}
	return kind + " (" + code(strings.ReplaceAll(of, "|", "`, `")) + ")"
}

func settingsText(f *blockForm) string {
	var list []string
	for _, s := range splitList(f.Settings) {
		name, values, isEnum := strings.Cut(s, ":")
		name = strings.TrimRight(name[strings.LastIndex(name, ".")+1:], "[]=")
		if isEnum {
			for _, v := range strings.Split(values, ",") {
				value, _, _ := strings.Cut(v, "=")
				list = append(list, code(value))
			}
			continue
		}
		list = append(list, code(name))
	}
	text := strings.Join(list, ", ")
	if f.DefaultOn {
		text += "; on when not set"
	}
	return text
}

func statementText(f *permitForm) string {
	text := code(strings.ReplaceAll(f.Text, "; ", "`<br>`"))
	if f.Code != "" {
		text = "from " + code(strings.ReplaceAll(f.Reads, "|", "`, `"))
	}
	if f.Once != "" {
		text += "<br>undecided where there are several blocks `" + f.Once + "`, of which the provider sends one"
	}
	if f.Yields {
		text += "<br>unless a policy on the same subject decides"
	}
	return text
}

// remarks says what is special about a document.
func remarks(r *row) string {
	var list []string
	for _, f := range []struct {
		flag flags
		text string
	}{
		{computed, "shows what exists when not set"},
		{policyOnly, "a policy of its own"},
		{organization, "by its type also resource control policies; other types follow other grammars"},
		{session, "a session policy: without it, all that the role gives"},
	} {
		if r.Flags&f.flag != 0 {
			list = append(list, f.text)
		}
	}
	return strings.Join(list, "; ")
}
