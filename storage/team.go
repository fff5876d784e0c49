package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// Server is where workspaces are stored, before it is said which: what an operator's tools open. Unlike a [Store] it may also be looked at
// while its schema is another or an import has not finished.
type Server struct {
	rdb     redis.UniversalClient
	options Options // Team is not looked at
	age     func(now time.Time)
	live    bool
	release func() error
}

// Connect reaches the server of the options: the Redis at URL, or without one the folder Dir, see [ConnectFolder]. It stores nothing. Close it in the end,
// after its stores.
func Connect(ctx context.Context, o Options) (*Server, error) {
	if o.Now == nil {
		return nil, errors.New("connect to store: no clock")
	}
	if o.URL == "" && o.Dir != "" {
		return ConnectFolder(ctx, o)
	}
	opt, err := parseURL(o.URL)
	if err != nil {
		return nil, err
	}
	rdb := newClient(opt)
	v := &Server{rdb: rdb, options: o, release: rdb.Close}
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(fmt.Errorf("ping store: %w", err), v.Close())
	}
	return v, nil
}

// ConnectNew reaches the server as [Connect] does, and makes the folder where there is none.
func ConnectNew(ctx context.Context, o Options) (*Server, error) {
	v, err := Connect(ctx, o)
	if !errors.Is(err, fs.ErrNotExist) {
		return v, err
	}
	d, err := openDurable(ctx, o, folderTests{})
	if err != nil {
		return nil, err
	}
	rdb := d.client()
	return &Server{rdb: rdb, options: o, release: func() error { return errors.Join(rdb.Close(), d.close()) }}, nil
}

// OpenWorkspace connects as [Connect] does and opens the store of the workspace that the options name, or of the only one there is if they name none. Closing the
// store closes the connection, too.
func OpenWorkspace(ctx context.Context, o Options) (*Store, error) {
	v, err := Connect(ctx, o)
	if err != nil {
		return nil, err
	}
	team, err := v.Team(ctx, o.Team)
	if err != nil {
		return nil, errors.Join(err, v.Close())
	}
	s, err := v.Store(ctx, team)
	if err != nil {
		return nil, errors.Join(err, v.Close())
	}
	s.close = v.release
	return s, nil
}

// Live reports whether a bot holds the store and lends it: then it changes while it is looked at.
func (v *Server) Live() bool { return v.live }

// Close ends the connection, and gives back a folder.
func (v *Server) Close() error {
	if err := v.release(); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// Teams lists the workspaces that the server holds something of, by id.
func (v *Server) Teams(ctx context.Context) ([]string, error) {
	var mu sync.Mutex
	found := make(map[string]bool)
	collect := func(ctx context.Context, node redis.Cmdable) error {
		return scanNode(ctx, node, teamPattern, func(keys []string) error {
			mu.Lock()
			defer mu.Unlock()
			for _, key := range keys {
				if team, ok := teamOf(key); ok {
					found[team] = true
				}
			}
			return nil
		})
	}
	var err error
	if cluster, ok := v.rdb.(*redis.ClusterClient); ok {
		err = cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error { return collect(ctx, node) })
	} else {
		err = collect(ctx, v.rdb)
	}
	if err != nil {
		return nil, fmt.Errorf("list workspaces: %w", err)
	}
	teams := make([]string, 0, len(found))
	for team := range found {
		teams = append(teams, team)
	}
	slices.Sort(teams)
	return teams, nil
}

// Team says which workspace is meant: the wanted one if it is held, or the only one if none is wanted. The error names those that there are.
func (v *Server) Team(ctx context.Context, wanted string) (string, error) {
	teams, err := v.Teams(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case len(teams) == 0:
		return "", errors.New("find workspace: the store holds none")
	case wanted == "" && len(teams) == 1:
		return teams[0], nil
	case wanted == "":
		return "", fmt.Errorf("find workspace: the store holds several, say which with --team: %s", strings.Join(teams, ", "))
	case !slices.Contains(teams, wanted):
		return "", fmt.Errorf("find workspace %q: the store holds %s", wanted, strings.Join(teams, ", "))
	}
	return wanted, nil
}

// Store opens the store of a workspace on the server, if it has this program's schema. Closing it leaves the server open.
// Without a sealing key in the options what is private stays unreadable, and everything else can be read.
func (v *Server) Store(ctx context.Context, team string) (*Store, error) {
	s, err := v.unchecked(team)
	if err != nil {
		return nil, err
	}
	if err := s.mustBeCurrent(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// unchecked is the store of a workspace, in whatever state that is.
func (v *Server) unchecked(team string) (*Store, error) {
	o := v.options
	o.Team = team
	s, err := newStoreOn(o, v.rdb)
	if err != nil {
		return nil, err
	}
	s.age = v.age
	s.close = func() error { return nil }
	return s, nil
}

// scanPage is how many keys, fields or members a server is asked for at once.
const scanPage = 500

// scan visits the keys of the workspace, at most scanPage at a time. One that is there from beginning to end is visited at least once; one that comes or
// goes meanwhile perhaps.
func (s *Store) scan(ctx context.Context, visit func(keys []string) error) error {
	var node redis.Cmdable = s.rdb
	if cluster, ok := s.rdb.(*redis.ClusterClient); ok {
		// All keys of a workspace are in one slot, and so on one master.
		master, err := cluster.MasterForKey(ctx, s.keys.meta())
		if err != nil {
			return fmt.Errorf("find the workspace's master: %w", err)
		}
		node = master
	}
	return scanNode(ctx, node, s.keys.pattern(), func(found []string) error {
		found = slices.DeleteFunc(found, func(key string) bool { return !strings.HasPrefix(key, s.keys.prefix) })
		if len(found) == 0 {
			return nil
		}
		return visit(found)
	})
}

func scanNode(ctx context.Context, node redis.Cmdable, pattern string, visit func(keys []string) error) error {
	for cursor := uint64(0); ; {
		found, next, err := node.Scan(ctx, cursor, pattern, 2*scanPage).Result()
		if err != nil {
			return fmt.Errorf("list keys: %w", err)
		}
		for page := range slices.Chunk(found, scanPage) { // an embedded server gives all at once
			if err := visit(page); err != nil {
				return err
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}
