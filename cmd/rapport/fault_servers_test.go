//go:build unix

package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/storage/redistest"
)

// keyOfTeam is one of the workspace's keys: where it goes, all of them go.
const keyOfTeam = "rapport:{T000000001}:meta"

// sentinelLost cuts the primary off from everybody but its clients, and later kills one.
func sentinelLost(r *faultRow) {
	group := redistest.StartSentinel(r.t)
	r.at(storeOf{redis: group.URL()})
	r.staff(3, nil)
	times := map[bool]int{true: 4, false: 1}[r.full]
	r.during(func() {
		for range times {
			pause(r.ctx, 2*time.Second)
			old, lost := group.Primary(r.t), time.Now()
			group.CutOff(r.t, old)
			group.Await(r.t, old)
			r.back(lost)
			group.Join(r.t, old)
			r.must(group.Settle())
			pause(r.ctx, 2*time.Second)
			old, lost = group.Primary(r.t), time.Now()
			old.Kill()
			r.result.kills++
			group.Await(r.t, old)
			r.back(lost)
			r.must(old.Restart())
			r.must(group.Settle())
		}
	})
	r.over()
	r.settled(r.patience())
	r.result.kills += times
	r.result.note += fmt.Sprintf(" %d partitions", times)
	r.worstBack()
}

// clusterLost kills the master that has the workspace, and moves its slot to another. Its one replica takes over; but nothing is sent, and nobody is
// told that anything is kept, before that has a replica of its own, which is the killed one when it is back.
func clusterLost(r *faultRow) {
	cluster := redistest.StartCluster(r.t, true)
	r.at(storeOf{redis: cluster.URL()})
	r.staff(3, nil)
	times := map[bool]int{true: 4, false: 1}[r.full]
	r.during(func() {
		for range times {
			pause(r.ctx, 2*time.Second)
			r.mastersAgain(cluster)
			cluster.Migrate(r.t, keyOfTeam)
			pause(r.ctx, 2*time.Second)
			old := cluster.Owner(r.t, keyOfTeam)
			old.Kill()
			pause(r.ctx, 4*time.Second)
			r.must(old.Restart())
			returned := time.Now()
			r.must(cluster.Settle())
			r.back(returned)
		}
	})
	r.over()
	r.settled(r.patience())
	r.result.kills += times
	r.result.note += fmt.Sprintf(" %d slot migrations", times)
	r.worstBack()
}

// mastersAgain gives each of the first masters of a cluster its part back, if its replica has it.
func (r *faultRow) mastersAgain(cluster *redistest.Cluster) {
	for _, server := range cluster.Masters {
		client := server.Client()
		for {
			about, err := client.Info(r.ctx, "replication").Result()
			if err == nil && strings.Contains(about, "role:master") {
				break
			}
			_ = client.ClusterFailover(r.ctx).Err() // it asks again below
			pause(r.ctx, 500*time.Millisecond)
			r.must(r.ctx.Err())
		}
		r.must(client.Close())
	}
	r.must(cluster.Settle())
}

// restoreBackup puts an older state of the server in the place of what it held, while it and all processes are down.
func restoreBackup(r *faultRow) {
	server := redistest.Start(r.t, redistest.Options{})
	r.at(storeOf{redis: server.URL()})
	r.staff(3, nil)
	file := filepath.Join(r.t.TempDir(), "backup.rdb")
	acted := 0
	r.during(func() {
		for r.town.acted() < r.size().acts/2 && r.ctx.Err() == nil {
			pause(r.ctx, 10*time.Millisecond)
		}
		acted = r.town.acted()
		server.Save(r.t, file)
	})
	pause(r.ctx, 2*time.Second)
	r.crew.dismiss("stopped")
	server.Kill()
	server.Restore(r.t, file)
	r.must(server.Restart())
	// What was promised after the backup is gone with it, and so is who was in the middle of promising.
	r.town.forget(acted - 8)
	r.dry = true
	r.staff(3, nil)
	r.over()
	r.settled(r.patience())
}

// asynqLost deletes everything that asynq keeps, again and again.
func asynqLost(r *faultRow) {
	r.sized = rowSize{people: 40, acts: map[bool]int{true: 200, false: 30}[r.full], rate: 10}
	server := r.onRedis()
	r.crew.order.Asynq = true
	r.staff(3, nil)
	client := server.Client()
	r.t.Cleanup(func() { _ = client.Close() })
	deleted := 0
	r.during(func() {
		for range map[bool]int{true: 10, false: 2}[r.full] {
			pause(r.ctx, time.Second)
			keys, err := client.Keys(r.ctx, "asynq:*").Result()
			r.must(err)
			if len(keys) > 0 {
				r.must(client.Del(r.ctx, keys...).Err())
			}
			deleted += len(keys)
			r.back(time.Now().Add(-time.Second))
		}
	})
	r.over()
	r.settled(r.patience())
	r.result.note += fmt.Sprintf(" %d keys deleted", deleted)
	r.worstBack()
	if deleted == 0 {
		r.t.Errorf("%s: asynq had no keys", r.result.fault)
	}
}

// repliesDropped cuts connections to the server after it has done what was asked, and before its answer has come.
func repliesDropped(r *faultRow) {
	server := redistest.Start(r.t, redistest.Options{AOF: true})
	lossy := newLossyWire(r.t, server.Addr(), r.seed)
	r.at(storeOf{redis: "redis://" + lossy.listener.Addr().String() + "/0"})
	r.staff(3, nil)
	lossy.lose(0.01)
	r.live(nil)
	lossy.lose(0)
	r.over()
	r.settled(r.patience())
	r.result.note += fmt.Sprintf(" %d answers dropped", lossy.count())
	if lossy.count() == 0 {
		r.t.Errorf("%s: no answer was dropped", r.result.fault)
	}
}

// lossyWire is a way to a server on which answers get lost, and with each its connection.
type lossyWire struct {
	listener net.Listener
	to       string

	mu      sync.Mutex
	dice    *rand.Rand
	chance  float64
	dropped int
	conns   []net.Conn
	open    sync.WaitGroup
}

func newLossyWire(t testing.TB, to string, seed uint64) *lossyWire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &lossyWire{listener: listener, to: to, dice: rand.New(rand.NewPCG(seed, 6))}
	l.open.Go(l.serve)
	t.Cleanup(func() {
		_ = listener.Close()
		l.mu.Lock()
		for _, c := range l.conns {
			_ = c.Close()
		}
		l.mu.Unlock()
		l.open.Wait()
	})
	return l
}

func (l *lossyWire) serve() {
	for {
		here, err := l.listener.Accept()
		if err != nil {
			return
		}
		there, err := net.Dial("tcp", l.to)
		if err != nil {
			_ = here.Close()
			continue
		}
		l.mu.Lock()
		l.conns = append(l.conns, here, there)
		l.mu.Unlock()
		l.open.Go(func() {
			_, _ = io.Copy(there, here)
			_ = there.Close()
		})
		l.open.Go(func() { l.answer(here, there) })
	}
}

// answer passes answers on until one gets lost.
func (l *lossyWire) answer(here, there net.Conn) {
	defer func() { _ = here.Close(); _ = there.Close() }()
	buffer := make([]byte, 64<<10)
	for {
		n, err := there.Read(buffer)
		if err != nil || l.strikes() {
			return
		}
		if _, err := here.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (l *lossyWire) strikes() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.chance == 0 || l.dice.Float64() >= l.chance {
		return false
	}
	l.dropped++
	return true
}

func (l *lossyWire) lose(chance float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.chance = chance
}

func (l *lossyWire) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.dropped
}

// folderKilled kills the process that has its store in a folder. A second one is refused while it lives.
func folderKilled(r *faultRow) {
	r.at(storeOf{folder: filepath.Join(r.t.TempDir(), "data")})
	r.dry, r.round = true, 0
	r.crew.order.Doom = map[string]float64{afterPosting: 0.01, afterPost: 0.01, afterClaim: 0.01, afterSettle: 0.01}
	r.staff(1, nil)
	times := map[bool]int{true: 100, false: 8}[r.full]
	r.during(func() {
		for range times {
			pause(r.ctx, time.Duration(50+r.seed%200)*time.Millisecond)
			for _, w := range r.crew.living() {
				select {
				case <-w.ready:
					r.crew.kill(w, "while it lives")
				case <-r.ctx.Done():
				}
			}
		}
	})
	r.over()
	r.secondRefused()
	r.settled(r.patience())
}

// secondRefused lets a second process try to open the folder.
func (r *faultRow) secondRefused() {
	for _, w := range r.crew.living() {
		select {
		case <-w.ready:
		case <-r.ctx.Done():
		}
	}
	second := newCrew(r.t, r.crew.order)
	defer second.end()
	second.mu.Lock()
	w, err := second.start(second.order)
	w.alone = true
	second.mu.Unlock()
	r.must(err)
	select {
	case <-w.gone:
		if !strings.Contains(w.log.tail(), "folder") {
			r.t.Errorf("%s: a second process ended with %q", r.result.fault, w.log.tail())
		}
		r.result.note += " a second process is refused"
	case <-time.After(patienceOfTests):
		r.t.Errorf("%s: a second process runs on the same folder", r.result.fault)
	}
}
