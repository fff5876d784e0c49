package main

import (
	"os/exec"
	"syscall"
)

// endWithUs lets a process be killed with this one, however that ends.
func endWithUs(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
