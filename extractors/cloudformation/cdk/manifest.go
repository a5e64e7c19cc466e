package cdk

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
	"github.com/grantdiff/grantdiff/internal/source"
)

// folder reads the assembly in a folder of the root.
func (r *reader) folder(folder string, depth int) {
	file := path.Join(folder, ManifestName)
	whole := source.Range{Path: r.name(file)}
	if depth > maxNesting || r.seen[folder] {
		r.fail(whole, "assemblies nest too deep", fmt.Sprintf("At most %d assemblies in one another are read, each once. Run cdk synth again.", maxNesting))
		return
	}
	r.seen[folder] = true
	doc := r.read(file, whole, maxManifest)
	if doc == nil {
		return
	}
	r.assembly.Diagnostics = append(r.assembly.Diagnostics, doc.Diagnostics...)
	artifacts := doc.Root.Get("artifacts")
	if artifacts == nil || artifacts.Kind != tree.Map {
		if doc.Root.Get("version") == nil {
			r.fail(whole, "the manifest has no artifacts", "Expected the manifest.json that cdk synth writes. Name the folder cdk.out.")
		}
		return
	}
	if text := missing(doc.Root, r.name(file)); text != "" {
		r.assembly.Incomplete = append(r.assembly.Incomplete, text)
	}
	for i := range artifacts.Fields {
		f := &artifacts.Fields[i]
		kind, _ := f.Value.Get("type").Text()
		switch kind {
		case "aws:cloudformation:stack":
			r.stack(folder, f)
		case "cdk:cloud-assembly":
			name, _ := f.Value.Path("properties", "directoryName").Text()
			if nested, ok := inside(folder, name); ok {
				r.folder(nested, depth+1)
			} else {
				r.fail(f.At, fmt.Sprintf("the assembly %s is not in the folder", quoted(f.Key)), "Expected directoryName, the path of a folder in this one. Run cdk synth again.")
			}
		}
	}
}

// missing tells what the CDK did not know when it made the templates: it puts values in
// its place that are not those of a deployment. It is "" where it knew everything.
func missing(manifest *tree.Node, file string) string {
	list := manifest.Get("missing")
	if list == nil || list.Kind != tree.List || len(list.Items) == 0 {
		return ""
	}
	var keys []string
	for _, item := range list.Items {
		if key, ok := item.Get("key").Text(); ok && len(keys) < 3 {
			keys = append(keys, quoted(key))
		}
	}
	if more := len(list.Items) - len(keys); more > 0 {
		keys = append(keys, fmt.Sprintf("%d more", more))
	}
	return fmt.Sprintf("%s lacks context values (%s), so that its templates have made-up values: run cdk synth where it can look them up, and keep cdk.context.json",
		file, strings.Join(keys, ", "))
}

// stack reads a stack with its template.
func (r *reader) stack(folder string, f *tree.Field) {
	if len(r.assembly.Stacks) >= maxStacks {
		if len(r.assembly.Stacks) == maxStacks {
			r.fail(f.At, "the assembly has too many stacks", fmt.Sprintf("At most %d are read. Name the folders of nested assemblies one by one.", maxStacks))
		}
		return
	}
	s, name := declared(folder, f)
	file, ok := inside(folder, name)
	if !ok {
		r.fail(f.At, fmt.Sprintf("the template of the stack %s is not in the folder", quoted(f.Key)), "Expected templateFile, the path of a file in this folder. Run cdk synth again.")
		return
	}
	s.Template = r.read(file, f.At, maxManifest)
	if s.Template == nil {
		return
	}
	s.Places = map[string]source.Range{}
	r.places(s, f.Value.Get("metadata"))
	if name, ok := f.Value.Get("additionalMetadataFile").Text(); ok {
		r.metadata(s, folder, name, f.At)
	}
	r.assembly.Stacks = append(r.assembly.Stacks, s)
}

// declared is what a manifest says of a stack, and the name of its template.
func declared(folder string, f *tree.Field) (s *Stack, template string) {
	properties := f.Value.Get("properties")
	s = &Stack{ID: path.Join(folder, f.Key), Name: f.Key, Display: f.Key, Folder: folder}
	if name, ok := properties.Get("stackName").Text(); ok {
		s.Name = name
	}
	if name, ok := f.Value.Get("displayName").Text(); ok {
		s.Display = name
	}
	if env, ok := f.Value.Get("environment").Text(); ok {
		s.Account, s.Region = environment(env)
	}
	s.Parameters = texts(properties.Get("parameters"))
	template, _ = properties.Get("templateFile").Text()
	return s, template
}

// metadata reads the metadata that is in a file of its own. Without it, resources have
// no places in the program, and nothing else is lost.
func (r *reader) metadata(s *Stack, folder, name string, at source.Range) {
	file, ok := inside(folder, name)
	if !ok {
		r.fail(at, "a file of metadata is not in the folder", "Expected additionalMetadataFile, the path of a file in this folder. Run cdk synth again.")
		return
	}
	if text, err := r.bytes(file, maxManifest); err == nil {
		r.places(s, tree.Parse(r.name(file), text, tree.Limits{Bytes: maxManifest}).Root)
	}
}

// places notes where resources come from. An entry of the type aws:cdk:creationStack has
// the trace as its data.
func (r *reader) places(s *Stack, metadata *tree.Node) {
	if metadata == nil || metadata.Kind != tree.Map {
		return
	}
	for i := range metadata.Fields {
		entries := metadata.Fields[i].Value
		id, trace := "", (*tree.Node)(nil)
		for _, e := range items(entries) {
			kind, _ := e.Get("type").Text()
			if kind == "aws:cdk:logicalId" {
				if text, ok := e.Get("data").Text(); ok {
					id = text
				}
				if trace == nil {
					trace = e.Get("trace")
				}
			}
			if kind == "aws:cdk:creationStack" {
				trace = e.Get("data")
				if trace == nil || trace.Kind != tree.List {
					trace = e.Get("trace")
				}
			}
		}
		if at, ok := r.traces.place(trace); ok && id != "" {
			s.Places[id] = at
		}
	}
}

var account = regexp.MustCompile(`^[0-9]{12}$`)

// environment takes aws://ACCOUNT/REGION apart; what the program leaves open is "".
func environment(env string) (id, region string) {
	rest, ok := strings.CutPrefix(env, "aws://")
	if !ok {
		return "", ""
	}
	id, region, _ = strings.Cut(rest, "/")
	if !account.MatchString(id) {
		id = ""
	}
	if region == "unknown-region" {
		region = ""
	}
	return id, region
}

// texts are the entries of a map that are scalars.
func texts(n *tree.Node) map[string]string {
	if n == nil || n.Kind != tree.Map {
		return nil
	}
	out := map[string]string{}
	for i := range n.Fields {
		if text, ok := n.Fields[i].Value.Text(); ok {
			out[n.Fields[i].Key] = text
		}
	}
	return out
}

// Path is the path of a resource in the construct tree, which the CDK writes into its
// template: Stack/Role/Resource. It is "" where it does not.
func Path(resource *tree.Node) string {
	text, _ := resource.Path("Metadata", "aws:cdk:path").Text()
	return text
}

// quoted shows a text of the assembly in a message, shortened.
func quoted(s string) string {
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return fmt.Sprintf("%q", s)
}

func items(n *tree.Node) []*tree.Node {
	if n == nil || n.Kind != tree.List {
		return nil
	}
	return n.Items
}
