// Package repository holds the rules of this repository as tests: who may import
// whom, which modules are used and why, how big a file gets, what the image, the
// workflows and the action may contain. It has no code.
package repository
