package slackfake

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser is one Chromium that looks at one server's page, and what it complained about.
type browser struct {
	t *testing.T
	s *Server
	// do runs steps, evaluate a script; both know the browser, which ended with this reason if it has.
	do       func(steps ...chromedp.Action[chromedp.Void]) error
	evaluate func(script string) (any, error)
	ended    func() error

	mu         sync.Mutex
	complaints []string
}

// openBrowser starts Chromium. Without one the test is left out, except where everything is required (RAPPORT_TEST_REQUIRE=all).
func openBrowser(t *testing.T, s *Server) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil && os.Getenv("RAPPORT_TEST_REQUIRE") == "all" {
		t.Fatal("chromium is not installed, and RAPPORT_TEST_REQUIRE=all")
	}
	if err != nil {
		t.Skip("chromium is not installed; continuous integration sets RAPPORT_TEST_REQUIRE=all and has it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.WindowSize(1280, 900))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, leave := chromedp.NewContext(allocator)
	t.Cleanup(leave)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	b := &browser{
		t: t, s: s, ended: ctx.Err,
		do: func(steps ...chromedp.Action[chromedp.Void]) error { return chromedp.Do(ctx, steps...) },
		evaluate: func(script string) (any, error) {
			return chromedp.Run(ctx, chromedp.Evaluate[any](script, chromedp.EvalAwaitPromise))
		},
	}
	b.must(chromedp.Listen(ctx, b.hear))
	_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	b.must(err)
	_, err = chromedp.Call(ctx, runtime.Enable, chromedp.Void{})
	b.must(err)
	return b
}

func (b *browser) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// hear notes requests to other hosts, answers that failed, errors on the console and exceptions.
func (b *browser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, b.s.PageURL()) && !strings.HasPrefix(e.Request.URL, "data:") && e.Request.URL != "about:blank" {
			b.complaints = append(b.complaints, "request to "+e.Request.URL)
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			b.complaints = append(b.complaints, fmt.Sprintf("%d for %s", e.Response.Status, e.Response.URL))
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" {
			b.complaints = append(b.complaints, fmt.Sprintf("console: %v", e.Args))
		}
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, "exception: "+e.ExceptionDetails.Text)
	}
}

// visit opens a place ("channel=kudos&as=ana") afresh, without the tour.
func (b *browser) visit(place string) {
	b.t.Helper()
	b.must(b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(b.s.PageURL()+"#tour=0&"+place)))
	b.see(`document.querySelector("[data-testid=viewer]")`)
}

// see waits until a JavaScript expression holds.
func (b *browser) see(condition string) {
	b.t.Helper()
	script := fmt.Sprintf(`(async () => {
		const end = performance.now() + 30_000;
		while (performance.now() < end) {
			if (%s) return true;
			await new Promise((next) => setTimeout(next, 20));
		}
		return false;
	})()`, condition)
	seen, err := b.evaluate(script)
	b.must(err)
	if seen != true {
		b.t.Fatalf("never saw %s", condition)
	}
}

func (b *browser) text(script string) string {
	b.t.Helper()
	text, err := b.evaluate(script)
	b.must(err)
	return fmt.Sprint(text)
}

func (b *browser) click(testid string) {
	b.t.Helper()
	b.must(b.do(chromedp.Click(chromedp.CSS("[data-testid=" + testid + "]"))))
}

func (b *browser) keys(keys string) {
	b.t.Helper()
	b.must(b.do(chromedp.KeyEvent(keys)))
}

// quiet fails if the page had anything to complain about.
func (b *browser) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.complaints {
		b.t.Error(c)
	}
	b.complaints = nil
}

// post is a message of the app.
func (b *browser) post(channel string, m *Message) {
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	m.User, m.AppID = b.s.app.botUser, b.s.app.id
	b.s.addMessage(b.s.world.channel(channel), m)
}

func TestPageInABrowser(t *testing.T) {
	s := startSample(t, 40, wednesday)
	b := openBrowser(t, s)
	for _, each := range []struct {
		name string
		look func(*browser)
	}{
		{"texts of people stay texts", lookHostile},
		{"every block is drawn", lookBlocks},
		{"a modal is filled by keyboard", lookModal},
		{"one person's messages are theirs alone", lookEphemeral},
		{"commands complete and errors are told", lookComposer},
		{"time moves", lookClock},
		{"nothing is wider than a phone", lookPhone},
	} {
		ok := t.Run(each.name, func(t *testing.T) {
			b.t = t
			each.look(b)
			b.quiet()
		})
		if !ok && b.ended() != nil {
			t.Fatal(b.ended())
		}
	}
}

func lookHostile(b *browser) {
	hostile := `<script>window.stolen=1</script><img src=x onerror="window.stolen=1"> <javascript:window.stolen=1|press me> &lt;b&gt;`
	b.post("general", &Message{Text: hostile})
	b.post("general", &Message{Text: "x", Blocks: mustJSON([]any{
		map[string]any{"type": "section", "block_id": `"><script>`, "text": map[string]any{"type": "mrkdwn", "text": hostile}},
		map[string]any{"type": "markdown", "text": hostile + "\n[press](javascript:window.stolen=1)"},
	})})
	b.visit("channel=general&as=ana")
	b.see(`document.querySelectorAll("[data-from=rapport]").length === 2`)
	b.see(`document.querySelectorAll("main script, main img[onerror], main a[href^='javascript']").length === 0 && window.stolen === undefined`)
	if said := b.text(`document.querySelector("[data-from=rapport]").innerText`); !strings.Contains(said, "<script>window.stolen=1</script>") {
		b.t.Errorf("the text is not shown as it was written: %q", said)
	}
}

func lookBlocks(b *browser) {
	raw, err := os.ReadFile("testdata/every_block.json")
	b.must(err)
	var messages []json.RawMessage
	b.must(json.Unmarshal(raw, &messages))
	blocks := 0
	for _, m := range messages {
		if problems := checkMessage("Every block", m, nil); len(problems) > 0 {
			b.t.Fatalf("the test's own blocks are over a limit: %v", problems)
		}
		var list []json.RawMessage
		b.must(json.Unmarshal(m, &list))
		blocks += len(list)
		b.post("kudos", &Message{Text: "Every block", Blocks: nameBlocks(m)})
	}
	b.visit("channel=kudos&as=ana")
	b.see(fmt.Sprintf(`document.querySelectorAll("[data-from=rapport] [data-block]").length === %d`, blocks))
	b.see(`!document.querySelector("main").innerText.includes("cannot draw") && !document.querySelector("main").innerText.includes("no control")`)
	for _, part := range []string{
		"strong", "em", "s", "code", "blockquote", ".hang", "time.date", ".mention.broadcast", "a.link", "svg.pie .slice", ".plot .bar", ".plot .line",
		".plot .area", ".data-table th[scope=row]", "input[type=date]", "input[type=time]", "input[type=datetime-local]", "input[type=checkbox]",
		"input[type=radio]", ".chip", "ol.list", "pre", "figure", ".overflow",
	} {
		b.see(fmt.Sprintf("document.querySelector('[data-from=rapport] %s')", part))
	}
	b.see(`[...document.querySelectorAll("[data-from=rapport] time.date")].some((x) => x.innerText.startsWith("2026-03-25"))`)
	b.must(b.do(chromedp.Click(chromedp.CSS(".data-table thead th:nth-child(2) button"))))
	b.see(`document.querySelector(".data-table tbody tr").innerText.startsWith("c")`)
}

func lookModal(b *browser) {
	raw, err := os.ReadFile("testdata/every_input.json")
	b.must(err)
	b.visit("channel=coffee&as=ana")
	b.s.mu.Lock()
	_, no := b.s.openView(b.s.world.user("ana").ID, raw)
	b.s.mu.Unlock()
	if no != nil {
		b.t.Fatal(no)
	}
	b.see(`document.activeElement?.dataset.testid === "input-text"`)
	b.see(`document.querySelector("[data-testid=input-where]").innerText.includes("coffee")`)
	b.click("modal-submit")
	b.see(`document.querySelector("[data-testid=field-error]")?.innerText.includes("required")`)
	b.see(`document.activeElement?.dataset.testid === "input-text" && document.activeElement.getAttribute("aria-invalid") === "true"`)
	b.keys("Lunch")
	b.see(`!document.querySelector("[data-testid=field-error]") && document.querySelector("[data-testid=input-text]").value === "Lunch"`)
	for range 40 { // more stops than the modal has: the focus comes round and never leaves
		b.keys(kb.Tab)
	}
	b.see(`document.querySelector("[data-testid=modal]").contains(document.activeElement)`)
	b.keys(kb.Escape)
	b.see(`!document.querySelector("[data-testid=modal]") && !document.getElementById("app").inert`)
}

func lookEphemeral(b *browser) {
	b.post("product", &Message{Text: "for bob's eyes", EphemeralTo: b.s.world.user("bob").ID})
	b.visit("channel=product&as=ana")
	b.see(`document.querySelectorAll("[data-testid=message]").length > 2 && !document.body.innerText.includes("for bob's eyes")`)
	b.click("viewer")
	b.see(`document.activeElement?.dataset.testid === "picker-search"`)
	b.keys("bob")
	b.see(`document.querySelector(".picker li.active")?.innerText.includes("Bob")`)
	b.keys(kb.Enter)
	b.see(`location.hash.includes("as=bob") && document.querySelector(".message.ephemeral")?.innerText.includes("Only visible to you")`)
}

func lookComposer(b *browser) {
	b.visit("channel=kudos&as=ana")
	b.see(`document.activeElement?.id === "composer"`)
	b.keys("thanks @bo")
	b.see(`document.querySelector("[data-testid=suggest] .active")?.innerText.includes("Bob Okafor")`)
	b.keys(kb.Enter)
	b.see(`document.getElementById("composer").value === "thanks @bob "`)
	b.keys(kb.Enter)
	b.see(`[...document.querySelectorAll("[data-from=ana]")].at(-1)?.querySelector(".mention")?.innerText === "@Bob Okafor"`)
	b.keys("/nothing at all" + kb.Enter)
	b.see(`document.querySelector("[data-testid=toast-error]") && document.getElementById("composer").value === "/nothing at all"`)
}

func lookClock(b *browser) {
	b.visit("channel=kudos&as=ana")
	before := b.text(`document.querySelector("[data-testid=clock]").dataset.now`)
	b.click("clock-monday")
	b.see(`document.querySelector("[data-testid=clock]").innerText.includes("Mon, Mar 30") && document.querySelector("[data-testid=clock]").innerText.includes("9:00")`)
	if now := b.s.clock.Now(); !now.Equal(time.Date(2026, 3, 30, 7, 0, 0, 0, time.UTC)) {
		b.t.Errorf("from %s the clock went to %s, want Monday 9:00 in Berlin, which has summer time then", before, now)
	}
}

func lookPhone(b *browser) {
	b.must(b.do(chromedp.EmulateViewport(390, 844)))
	for _, place := range []string{"channel=kudos&as=ana", "channel=general&as=bob", "channel=home&as=ana", "channel=product&as=ana&panel=inspector"} {
		b.visit(place)
		b.see(`[...document.querySelectorAll("main *, #topbar *")].every((x) => x.closest(".table-scroll, .carousel, .sr-only") || x.getBoundingClientRect().right <= innerWidth + 1)`)
	}
}
