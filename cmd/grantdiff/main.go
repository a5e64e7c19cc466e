// Command grantdiff says what access a change to infrastructure newly gives, to
// whom, and proves it. See README.md.
package main

import (
	"context"
	"os"
	"os/signal"

	"github.com/grantdiff/grantdiff/internal/memory"
)

func main() {
	memory.Spare(os.Getenv)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr, os.Getenv})
	stop()
	os.Exit(code)
}
