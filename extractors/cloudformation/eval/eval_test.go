package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/grantdiff/grantdiff/extractors/cloudformation/eval"
	"github.com/grantdiff/grantdiff/extractors/cloudformation/tree"
)

const template = `
Parameters:
  Name: {Type: String, Default: orders}
  Env: {Type: String, AllowedValues: [dev, prod], Default: dev}
  Open: {Type: String}
  Account: {Type: String, AllowedPattern: '[0-9]{12}'}
  List: {Type: CommaDelimitedList, Default: "a, b,c"}
  OpenList: {Type: CommaDelimitedList}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /x/y}
  Given: {Type: String}
  Empty: {Type: String, Default: ""}
Mappings:
  M:
    eu: {A: one, L: [x, y]}
    us: {A: two, L: [z]}
Conditions:
  Prod: !Equals [!Ref Env, prod]
  NotProd: !Not [!Condition Prod]
  Both: !And [!Condition Prod, !Equals [!Ref Given, given]]
  Either: !Or [!Condition Prod, !Equals [!Ref Given, given]]
  Circle: !Not [!Condition Circle]
  IsOpen: !Equals [!Ref Open, x]
  Region: !Equals [!Ref "AWS::Region", eu-central-1]
  Long: {"Fn::Equals": ["a", {"Fn::Select": [0, ["a", "b"]]}]}
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Named: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "${Name}-data"}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: work}}
  Topic: {Type: AWS::SNS::Topic}
  Role: {Type: AWS::IAM::Role, Properties: {Path: /ci/, RoleName: deploy}}
  Function: {Type: AWS::Lambda::Function}
  Alias: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Function, Name: live}}
  Secret: {Type: AWS::SecretsManager::Secret}
  Other: {Type: Custom::Thing}
  LoopA: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref LoopB}}
  LoopB: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref LoopA}}
`

// evaluate works out V under no choices.
func evaluate(t *testing.T, yaml string, o eval.Settings) (string, *eval.Scope) {
	t.Helper()
	d := tree.Parse("t.yaml", []byte(template+"V: "+yaml+"\n"), tree.Limits{})
	if d.Diagnostics.HasErrors() {
		t.Fatalf("%s: %v", yaml, d.Diagnostics)
	}
	if o.Parameters == nil {
		o.Parameters = map[string]string{"Given": "given", "Env": "dev"}
	}
	s := scope(d.Root, o, eval.NewChoices(), eval.NewSymbols())
	v := s.Eval(d.Root.Get("V"))
	if v == nil {
		return "nothing", s
	}
	return string(v.AppendJSON(nil)), s
}

func scope(root *tree.Node, o eval.Settings, c *eval.Choices, symbols *eval.Symbols) *eval.Scope {
	t := &eval.Template{Parameters: root.Get("Parameters"), Mappings: root.Get("Mappings"), Conditions: root.Get("Conditions"), Resources: root.Get("Resources")}
	return eval.NewScope(t, o, symbols, c, &eval.Budget{Nodes: 100_000})
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ yaml, want string }{
		// Ref.
		{`!Ref Name`, `"orders"`},
		{`!Ref Given`, `"given"`},
		{`!Ref Open`, `"(Open)"`},
		{`!Ref List`, `["a","b","c"]`},
		{`!Ref OpenList`, `"(OpenList)"`},
		{`!Ref Stored`, `"(resolve.ssm./x/y)"`},
		{`!Ref Empty`, `"(Empty)"`},
		{`!Ref Bucket`, `"(Bucket)"`},
		{`!Ref Named`, `"orders-data"`},
		{`!Ref Queue`, `"https://sqs.(AWS.Region).amazonaws.com/000000000000/work"`},
		{`!Ref Topic`, `"arn:aws:sns:(AWS.Region):000000000000:(Topic)"`},
		{`!Ref Other`, `"(Other)"`},
		{`!Ref Missing`, `"(Missing)"`},
		{`!Ref LoopA`, `"(LoopA)"`},
		// Pseudo parameters.
		{`!Ref AWS::AccountId`, `"000000000000"`},
		{`!Ref AWS::Region`, `"(AWS.Region)"`},
		{`!Ref AWS::Partition`, `"aws"`},
		{`!Ref AWS::URLSuffix`, `"amazonaws.com"`},
		{`!Ref AWS::StackName`, `"(AWS.StackName)"`},
		{`!Ref AWS::StackId`, `"arn:aws:cloudformation:(AWS.Region):000000000000:stack/(AWS.StackName)/(AWS.StackId)"`},
		{`!Ref AWS::NotificationARNs`, `"(AWS.NotificationARNs)"`},
		{`!Ref AWS::NoValue`, `nothing`},
		{`[a, !Ref "AWS::NoValue", b]`, `["a","b"]`},
		{`{a: !Ref "AWS::NoValue", b: c}`, `{"b":"c"}`},
		{`!Ref AWS::Nothing`, `"(AWS.Nothing)"`},
		// GetAtt.
		{`!GetAtt Bucket.Arn`, `"arn:aws:s3:::(Bucket)"`},
		{`!GetAtt Named.Arn`, `"arn:aws:s3:::orders-data"`},
		{`!GetAtt Role.Arn`, `"arn:aws:iam::000000000000:role/ci/deploy"`},
		{`!GetAtt [Queue, Arn]`, `"arn:aws:sqs:(AWS.Region):000000000000:work"`},
		{`!GetAtt Alias.AliasArn`, `"arn:aws:lambda:(AWS.Region):000000000000:function:(Function):live"`},
		{`!GetAtt Secret.Id`, `"arn:aws:secretsmanager:(AWS.Region):000000000000:secret:(Secret)-(Secret id)"`},
		{`!GetAtt Other.Some.Thing`, `"(Other.Some.Thing)"`},
		{`!GetAtt Other.Arn`, `"arn:unknown:unknown:::(Other.Arn)"`},
		{`!GetAtt Missing.Arn`, `"(Missing.Arn)"`},
		// Sub.
		{`!Sub "a-${Name}-${AWS::Region}"`, `"a-orders-(AWS.Region)"`},
		{`!Sub "${Bucket.Arn}/*"`, `"arn:aws:s3:::(Bucket)/*"`},
		{`!Sub "${!aws:username}/${Name}"`, `"${aws:username}/orders"`},
		{`!Sub ["${A}-${Name}", {A: !Ref Open}]`, `"(Open)-orders"`},
		{`!Sub ["${Name}", {Name: mine}]`, `"mine"`},
		{`!Sub "${ Name }"`, `"orders"`},
		{`!Sub "no names ${"`, `"no names ${"`},
		{`!Sub "${List}"`, `"(Sub)"`},
		// Join, Split, Select.
		{`!Join ["/", [a, !Ref Name, !Ref Open]]`, `"a/orders/(Open)"`},
		{`!Join ["", []]`, `""`},
		{`!Join [",", !Ref List]`, `"a,b,c"`},
		{`!Join [",", !Ref OpenList]`, `"(Join of OpenList)"`},
		{`!Split [",", "a,b"]`, `["a","b"]`},
		{`!Select [1, !Split [",", "a,b"]]`, `"b"`},
		{`!Select ["1", !Ref List]`, `"b"`},
		{`!Select [5, !Split [":", !GetAtt Queue.Arn]]`, `"work"`},
		{`!Select [3, !Split [":", !GetAtt Queue.Arn]]`, `"(AWS.Region)"`},
		{`!Select [0, !Split [":*", !Sub "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:g:*"]]`, `"arn:aws:logs:(AWS.Region):000000000000:log-group:g"`},
		{`!Select [0, !Split ["-a", !Sub "x${AWS::Region}-a"]]`, `"(Select 0 of Split of AWS.Region)"`},
		{`!Select [0, !Split [":*", !Sub "x${Open}:*"]]`, `"(Select 0 of Split of Open)"`},
		{`!Select [0, !Split ["-", !Ref Open]]`, `"(Select 0 of Split of Open)"`},
		{`!Select [7, [a]]`, `"(Fn.Select)"`},
		{`!Select [x, [a]]`, `"(Fn.Select)"`},
		// FindInMap.
		{`!FindInMap [M, eu, A]`, `"one"`},
		{`!FindInMap [M, us, L]`, `["z"]`},
		{`!FindInMap [M, asia, A, {DefaultValue: other}]`, `"other"`},
		{`!FindInMap [M, asia, A]`, `"(M.asia)"`},
		// Conditions as values.
		{`!If [Prod, a, b]`, `"b"`},
		{`!If [NotProd, a, !Ref "AWS::NoValue"]`, `"a"`},
		{`!If [Both, a, b]`, `"b"`},
		{`!If [Either, a, b]`, `"a"`},
		{`!If [Long, a, b]`, `"a"`},
		{`{a: !If [Prod, x, !Ref "AWS::NoValue"]}`, `{}`},
		{`!Equals [a, a]`, `true`},
		{`!Not [!Equals [a, a]]`, `false`},
		{`!And [!Equals [a, a], !Equals [a, b]]`, `false`},
		{`!Or [!Equals [a, b], !Equals [a, a]]`, `true`},
		// Others.
		{`!ImportValue name`, `"(ImportValue name)"`},
		{`!ImportValue {"Fn::Sub": "${Name}-x"}`, `"(ImportValue orders-x)"`},
		{`!Base64 abc`, `"YWJj"`},
		{`!Base64 {Ref: Open}`, `"(Base64 of Open)"`},
		{`!GetAZs ""`, `"(GetAZs of AWS.Region)"`},
		{`!Select [0, !GetAZs eu-west-1]`, `"(Select 0 of GetAZs)"`},
		{`!Cidr [10.0.0.0/16, 3, 8]`, `["10.0.0.0/24","10.0.1.0/24","10.0.2.0/24"]`},
		{`!Cidr ["2001:db8::/56", 2]`, `["2001:db8::/64","2001:db8:0:1::/64"]`},
		{`!Cidr [!Ref Open, 3, 8]`, `"(Cidr of Open)"`},
		{`!Cidr [10.0.0.0/30, 9, 8]`, `"(Fn.Cidr)"`},
		{`!Length [a, b]`, `2`},
		{`!Length {Ref: List}`, `3`},
		{`!ToJsonString {a: !Ref Name}`, `"{\"a\":\"orders\"}"`},
		{`!Transform {Name: "AWS::Include", Parameters: {Location: s3}}`, `"(Fn.Transform AWS.Include)"`},
		{`{a: b, "Fn::Transform": {Name: Mine}}`, `"(Fn.Transform Mine)"`},
		{`"x {{resolve:ssm:/a/b:1}} y"`, `"x (resolve.ssm./a/b.1) y"`},
		{`!Nothing x`, `"(!Nothing)"`},
		{`{"Fn::Nothing": x}`, `"(Fn.Nothing)"`},
		// Loops.
		{`{"Fn::ForEach::L": [I, [a, b], {"${I}-k": {v: !Ref I, w: !Sub "${I}"}}]}`, `{"a-k":{"v":"a","w":"a"},"b-k":{"v":"b","w":"b"}}`},
		{`{"Fn::ForEach::L": [I, !Ref List, {"&{I}x": 1}]}`, `{"ax":1,"bx":1,"cx":1}`},
		{`{"Fn::ForEach::L": [I, [a.b], {"&{I}": "${I}"}]}`, `{"ab":"a.b"}`},
		{`{"Fn::ForEach::L": [I, [a, b], {"Fn::ForEach::M": [J, [c, d], {"${I}${J}": !Ref J}]}]}`, `{"ac":"c","ad":"d","bc":"c","bd":"d"}`},
		{`{"Fn::ForEach::L": [I, !Ref OpenList, {"${I}": 1}]}`, `{"Fn::ForEach::L":"(Fn.ForEach.L)"}`},
	} {
		if got, _ := evaluate(t, tc.yaml, eval.Settings{}); got != tc.want {
			t.Errorf("%s\n got %s\nwant %s", tc.yaml, got, tc.want)
		}
	}
}

func TestKnownStack(t *testing.T) {
	t.Parallel()
	o := eval.Settings{Account: "111122223333", Region: "cn-north-1", StackName: "app"}
	for yaml, want := range map[string]string{
		`!GetAtt Queue.Arn`:        `"arn:aws-cn:sqs:cn-north-1:111122223333:work"`,
		`!Ref Queue`:               `"https://sqs.cn-north-1.amazonaws.com.cn/111122223333/work"`,
		`!Sub "${AWS::StackName}"`: `"app"`,
		`!If [Region, a, b]`:       `"b"`,
		`!GetAtt Role.Arn`:         `"arn:aws-cn:iam::111122223333:role/ci/deploy"`,
	} {
		if got, _ := evaluate(t, yaml, o); got != want {
			t.Errorf("%s: got %s, want %s", yaml, got, want)
		}
	}
}

// TestChoices explores what is not known: each consistent set of choices once.
func TestChoices(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		yaml string
		want []string
	}{
		{`!If [Prod, a, b]`, []string{`Env is dev: "b"`, `Env is prod: "a"`}},
		{`!Ref Env`, []string{`Env is dev: "dev"`, `Env is prod: "prod"`}},
		{`[!If [Prod, a, b], !If [NotProd, c, d], !Ref Env]`, []string{`Env is dev: ["b","c","dev"]`, `Env is prod: ["a","d","prod"]`}},
		{`!If [IsOpen, !Ref Open, !Ref Open]`, []string{`Open is x: "x"`, `Open is not x: "(Open)"`}},
		{`[!If [IsOpen, a, b], !If [!Equals [!Ref Open, y], c, d]]`, []string{`Open is x: ["a","d"]`, `Open is y: ["b","c"]`, `Open is not x or y: ["b","d"]`}},
		{`!If [Region, a, !Ref "AWS::Region"]`, []string{`AWS::Region is eu-central-1: "a"`, `AWS::Region is not eu-central-1: "(AWS.Region)"`}},
		{`!If [!Equals [!Ref Name, x], a, !Ref Name]`, []string{`Name is orders: "orders"`, `Name is x: "a"`, `Name is not orders or x: "(Name)"`}},
		{`!If [!Equals [!Ref Empty, ""], a, !Ref Empty]`, []string{`Empty is empty: "a"`, `Empty is not empty: "(Empty)"`}},
		{`!FindInMap [M, !Ref Open, A]`, []string{`Open is eu: "one"`, `Open is us: "two"`}},
		{`!If [!Equals [!ImportValue x, y], a, b]`, []string{`(ImportValue x) equals y: "a"`, `not (ImportValue x) equals y: "b"`}},
		{`!If [Circle, a, b]`, []string{`condition Circle holds: "b"`, `not condition Circle holds: "a"`}},
		{`!If [!Equals [!Ref "AWS::AccountId", "111122223333"], a, !Ref "AWS::AccountId"]`, []string{`AWS::AccountId is 111122223333: "a"`, `AWS::AccountId is not 111122223333: "000000000000"`}},
	} {
		d := tree.Parse("t.yaml", []byte(template+"V: "+tc.yaml+"\n"), tree.Limits{})
		symbols := eval.NewSymbols()
		results := map[*eval.Choices]string{}
		sets, all := eval.Explore(eval.NewChoices(), 100, func(c *eval.Choices) *eval.Need {
			s := scope(d.Root, eval.Settings{Parameters: map[string]string{"Given": "given"}}, c, symbols)
			v := s.Eval(d.Root.Get("V"))
			if n := s.Need(); n != nil {
				return n
			}
			results[c] = string(v.AppendJSON(nil))
			return nil
		})
		var got []string
		for _, c := range sets {
			var words []string
			for _, a := range c.Assumptions() {
				words = append(words, a.Words)
			}
			got = append(got, strings.Join(words, ", ")+": "+results[c])
		}
		if diff := cmp.Diff(tc.want, got); diff != "" || !all {
			t.Errorf("%s: all %v (-want +got)\n%s", tc.yaml, all, diff)
		}
	}
}

// TestBounds holds hostile values to a bound on work.
func TestBounds(t *testing.T) {
	t.Parallel()
	list := "[" + strings.TrimSuffix(strings.Repeat("a,", 200), ",") + "]"
	nested := `{k: 1}`
	for i := range 6 {
		nested = fmt.Sprintf(`{"Fn::ForEach::L%d": [I%d, %s, %s]}`, i, i, list, nested)
	}
	join := `x`
	for range 60 {
		join = `!Join ["", [` + join + `, yyyyyyyyyyyyyyyyyyyy]]`
	}
	double := `!Sub ["${A}${A}", {A: xxxxxxxxxxxxxxxx}]`
	for range 30 {
		double = `!Sub ["${A}${A}", {A: ` + double + `}]`
	}
	for name, yaml := range map[string]string{"loops": nested, "join": join, "double": double, "deep": strings.Repeat(`{"Fn::Not": [`, 90) + "true" + strings.Repeat("]}", 90)} {
		d := tree.Parse("t.yaml", []byte("V: "+yaml+"\n"), tree.Limits{})
		s := scope(d.Root, eval.Settings{}, eval.NewChoices(), eval.NewSymbols())
		if v := s.Eval(d.Root.Get("V")); v.Size() > 200_000 {
			t.Errorf("%s: %d nodes", name, v.Size())
		}
	}
}

func TestSymbolsDoNotCollide(t *testing.T) {
	t.Parallel()
	d := tree.Parse("t.yaml", []byte(template+`V: [!Ref Bucket, !Ref "AWS::AccountId"]`), tree.Limits{})
	s := scope(d.Root, eval.Settings{}, eval.NewChoices(), eval.NewSymbols("x(Bucket)y", "arn:aws:iam::000000000000:root"))
	if got := string(s.Eval(d.Root.Get("V")).AppendJSON(nil)); got != `["(Bucket~2)","000000000001"]` {
		t.Errorf("got %s", got)
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	types := eval.ShapeTypes()
	if len(types) < 60 {
		t.Errorf("%d types", len(types))
	}
	seen := map[string]bool{}
	for _, typ := range types {
		if seen[typ] {
			t.Errorf("%s occurs twice", typ)
		}
		seen[typ] = true
		yaml := fmt.Sprintf("Resources:\n  R: {Type: %s}\nV: !Ref R\n", typ)
		d := tree.Parse("t.yaml", []byte(yaml), tree.Limits{})
		s := scope(d.Root, eval.Settings{}, eval.NewChoices(), eval.NewSymbols())
		if v := s.Eval(d.Root.Get("V")).Value; v == "" || strings.ContainsAny(v, "{}") {
			t.Errorf("%s: Ref gives %q", typ, v)
		}
	}
}

// FuzzFunctions evaluates any value under any few choices.
func FuzzFunctions(f *testing.F) {
	for _, s := range []string{
		`!If [Prod, !Sub "${Open}-${Bucket.Arn}", {"Fn::ForEach::L": [I, !Ref List, {"${I}": !Ref I}]}]`,
		`!Select [0, !Split [":", !GetAtt Queue.Arn]]`, `!FindInMap [M, !Ref Open, L]`, `!Cidr [10.0.0.0/8, 256, 1]`,
		`!ToJsonString [!Join ["", [!Ref Env, !ImportValue x]], "{{resolve:ssm:x}}"]`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		d := tree.Parse("f.yaml", []byte(template+"V: "+value+"\n"), tree.Limits{Nodes: 10_000})
		if len(value) > 2048 || d.Root == nil {
			return
		}
		symbols, budget := eval.NewSymbols(), 0
		eval.Explore(eval.NewChoices(), 8, func(c *eval.Choices) *eval.Need {
			if budget++; budget > 64 {
				return nil
			}
			s := scope(d.Root, eval.Settings{}, c, symbols)
			v := s.Eval(d.Root.Get("V"))
			if n := s.Need(); n != nil {
				return n
			}
			again := scope(d.Root, eval.Settings{}, c, symbols).Eval(d.Root.Get("V"))
			if string(v.AppendJSON(nil)) != string(again.AppendJSON(nil)) {
				t.Fatalf("%s\n%s", v.AppendJSON(nil), again.AppendJSON(nil))
			}
			return nil
		})
	})
}
