package main

import (
	"context"
	"errors"
	"time"

	"rapport/storage"
)

// leaveTime bounds the last thing that a process tells its store. Where that hangs, the sign of life ends by itself.
const leaveTime = time.Second

// giveSign says that this process runs on the store. That the store was emptied is logged once, for it is looked at again and again.
func (h *house) giveSign(ctx context.Context, w wiring) error {
	err := h.store.Alive(ctx)
	if !errors.Is(err, storage.ErrEmptied) {
		if err == nil {
			h.emptied.Store(false)
		}
		return err
	}
	if !h.emptied.Swap(true) {
		w.log.ErrorContext(ctx, "nothing can be saved any more, and nothing is sent", "error", err)
	}
	return nil
}

// leave takes the sign of life back, so that an operator need not wait.
func (h *house) leave(ctx context.Context, w wiring) {
	ctx, cancel := context.WithTimeout(ctx, leaveTime)
	defer cancel()
	if err := h.store.Leave(ctx); err != nil {
		w.log.WarnContext(ctx, "the store is taken for in use for a minute yet", "error", err)
	}
}
