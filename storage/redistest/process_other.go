//go:build !linux

package redistest

import "syscall"

// dieWithParent knows no way here: the test's cleanup alone ends the children.
func dieWithParent() *syscall.SysProcAttr { return nil }
