package slackapp

import (
	"context"
	"sync"

	"rapport/bot"
)

// maxLookups is how many people one scene asks Slack about, all at the same time: a command waits for them.
const maxLookups = 3

// Scenes reads scenes from the store, and asks Slack about people whom the directory does not know yet: somebody who was hired this morning can
// be thanked this morning. It costs at most a second.
type Scenes struct {
	Store     bot.SceneReader // required
	Directory *Directory      // required
}

// Scene implements [bot.SceneReader]. Whoever Slack does not know either, or not in time, stays missing.
func (s *Scenes) Scene(ctx context.Context, channel string, members ...string) (bot.Scene, error) {
	scene, err := s.Store.Scene(ctx, channel, members...)
	if err != nil {
		return bot.Scene{}, err
	}
	var unknown []string
	for _, id := range members {
		if _, known := scene.Members[id]; !known && id != "" && len(unknown) < maxLookups {
			unknown = append(unknown, id)
		}
	}
	if len(unknown) == 0 {
		return scene, nil
	}
	var (
		mu    sync.Mutex
		group sync.WaitGroup
	)
	if scene.Members == nil {
		scene.Members = map[string]bot.Member{}
	}
	for _, id := range unknown {
		group.Go(func() {
			m, found, err := s.Directory.Lookup(ctx, id)
			if err != nil || !found {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			scene.Members[id] = m
		})
	}
	group.Wait()
	return scene, nil
}
