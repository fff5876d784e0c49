package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// TestTour clicks through the playground's guided tour in a real browser, as somebody who has just cloned the project: each step is shown, and what it
// promises has to appear.
func TestTour(t *testing.T) {
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("RAPPORT_TEST_REQUIRE") == "all" {
		t.Fatal("chromium is not installed, and RAPPORT_TEST_REQUIRE=all")
	}
	if err != nil {
		t.Skip("chromium is not installed; continuous integration sets RAPPORT_TEST_REQUIRE=all and has it")
	}
	p, err := openPlayground(t.Context(), playgroundFlags{addr: "127.0.0.1:0", people: 40, seed: 1}, time.Date(2026, 3, 25, 9, 17, 0, 0, time.UTC), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, leave := chromedp.NewContext(ctx)
	t.Cleanup(leave)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate(p.slack.PageURL()+"#tour=1"), chromedp.WaitVisible(`[data-testid="tour-show"]`)); err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{"kudos", "promise", "coffee", "meet", "digest"} {
		if err := showStep(ctx, step); err != nil {
			t.Fatalf("step %s: %v", step, err)
		}
	}
	if broken := (remote{t: t, url: p.slack.ControlURL()}).state().Broken; len(broken) > 0 {
		t.Errorf("the tour broke %v", broken)
	}
}

// showStep lets a step be shown, waits until what it promises is there, and goes on.
func showStep(ctx context.Context, step string) error {
	const tour = `document.querySelector('[data-testid="tour"]')`
	here := fmt.Sprintf(`%[1]s?.dataset.step === %[2]q && %[1]s.dataset.running === "false"`, tour, step)
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](here, chromedp.WithPollingTimeout(time.Minute))); err != nil {
		return fmt.Errorf("not there: %w", err)
	}
	if err := pressElement(ctx, "tour-show"); err != nil {
		return err
	}
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](tour+`.dataset.done === "true"`, chromedp.WithPollingTimeout(2*time.Minute))); err != nil {
		failure, _ := chromedp.Run(ctx, chromedp.Evaluate[string](tour+`.innerText + " | " + [...document.querySelectorAll('[data-testid="toast-error"]')].map(e => e.innerText).join(" | ")`))
		return fmt.Errorf("not done: %w: %s", err, failure)
	}
	if step == "digest" {
		return nil
	}
	return pressElement(ctx, "tour-next")
}

// press clicks an element without the mouse: the card grows and shrinks with its texts, and a mouse would sometimes come too late.
func pressElement(ctx context.Context, testid string) error {
	_, err := chromedp.Run(ctx, chromedp.Evaluate[any](fmt.Sprintf(`document.querySelector('[data-testid=%q]').click()`, testid)))
	return err
}
