package access_test

import (
	"bufio"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// smtAnswer is what a solver says: "sat", "unsat" or "unknown".
type smtAnswer struct {
	verdict string
	model   map[string]string // for sat: the values of the constants, as written
}

// solver is a z3 process that answers one question after the other.
type solver struct {
	t       testing.TB
	work    int           // bound of a question in z3's own measure; 0 for none
	limit   time.Duration // and in time
	command *exec.Cmd
	in      io.WriteCloser
	out     chan string // lines
}

// newSolver starts z3, or skips the test where it is not installed. A bound on work
// makes the answers the same on machines of any speed, where the time is long enough;
// half a million units are about a second.
func newSolver(t testing.TB, work int, limit time.Duration) *solver {
	t.Helper()
	if _, err := exec.LookPath("z3"); err != nil {
		t.Skip("z3 is not installed: the oracle is not asked")
	}
	s := &solver{t: t, work: work, limit: limit}
	t.Cleanup(s.stop)
	return s
}

func (s *solver) start() {
	s.command = exec.Command("z3", "-in", "-smt2", "-memory:2000")
	in, err := s.command.StdinPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	out, err := s.command.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.command.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.in, s.out = in, make(chan string, 100)
	go func(lines chan<- string) {
		defer close(lines)
		sc := bufio.NewScanner(out)
		sc.Buffer(nil, 64<<20)
		for sc.Scan() {
			lines <- sc.Text()
		}
	}(s.out)
}

func (s *solver) stop() {
	if s.command == nil {
		return
	}
	s.in.Close()
	s.command.Process.Kill()
	for range s.out { // until the process has closed its output
	}
	s.command.Wait()
	s.command = nil
}

// check asks one question in the session, anew, and returns "sat", "unsat" or
// "unknown".
func (s *solver) check(q smtQuestion) string {
	s.t.Helper()
	if s.command == nil {
		s.start()
	}
	lines, ok := s.say(fmt.Sprintf("(reset)\n(set-option :rlimit %d)\n(set-option :timeout %d)\n%s(check-sat)", s.work, s.limit.Milliseconds(), q.text))
	for _, line := range lines {
		if strings.HasPrefix(line, "(error") && !strings.Contains(line, "out of memory") {
			s.t.Fatalf("z3: %s\n%s", line, q.text)
		}
	}
	if ok && len(lines) > 0 {
		switch last := lines[len(lines)-1]; last {
		case "sat", "unsat":
			return last
		}
	}
	return "unknown"
}

// solve asks one question in the session and, where there is one, for a model.
func (s *solver) solve(q smtQuestion) smtAnswer {
	s.t.Helper()
	answer := smtAnswer{verdict: s.check(q)}
	if answer.verdict != "sat" {
		return answer
	}
	lines, ok := s.say("(get-value (" + strings.Join(q.constants, " ") + "))")
	if !ok {
		return smtAnswer{verdict: "unknown"}
	}
	model, err := smtModel(strings.Join(lines, "\n"))
	if err != nil {
		s.t.Fatalf("z3's model: %v\n%s", err, strings.Join(lines, "\n"))
	}
	answer.model = model
	return answer
}

// say sends commands and returns the lines of the answer. A process that overruns
// the limit by far is ended, and so is one that has died.
func (s *solver) say(commands string) ([]string, bool) {
	in := s.in
	go io.WriteString(in, commands+"\n(echo \"end of answer\")\n")
	guard := time.After(2*s.limit + 2*time.Second)
	var lines []string
	for {
		select {
		case line, open := <-s.out:
			if !open {
				s.stop()
				return lines, false
			}
			if line == "end of answer" {
				return lines, true
			}
			lines = append(lines, line)
		case <-guard:
			s.stop()
			return nil, false
		}
	}
}

// solveOnce asks one question of a process of its own, as a program that calls z3
// would.
func solveOnce(t testing.TB, q smtQuestion, limit time.Duration) string {
	t.Helper()
	command := exec.Command("z3", "-in", "-smt2", fmt.Sprintf("-T:%d", max(1, int(limit.Seconds()))), "-memory:2000")
	command.Stdin = strings.NewReader(q.text + "(check-sat)\n")
	out, _ := command.Output() // its status tells of a timeout too
	first, _, _ := strings.Cut(string(out), "\n")
	switch first {
	case "sat", "unsat":
		return first
	}
	if strings.HasPrefix(first, "(error") {
		t.Fatalf("z3: %s\n%s", first, q.text)
	}
	return "unknown"
}
