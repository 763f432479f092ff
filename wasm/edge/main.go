//go:build js && wasm

// Command edge is the edge service as a Cloudflare Worker: see package service. Each request starts an instance of it.
package main

import (
	"context"
	"strings"
	"time"

	"github.com/focalfit/focalfit/wasm/edge/cloudflare"
	"github.com/focalfit/focalfit/wasm/edge/federations"
	"github.com/focalfit/focalfit/wasm/edge/service"
	"github.com/focalfit/focalfit/wasm/edge/store"
	"github.com/syumai/workers"
	runtime "github.com/syumai/workers/cloudflare"
	"github.com/syumai/workers/cloudflare/cron"
)

// daily is the trigger of what is due once a day; the other one's is due every minute.
const daily = "17 3 * * *"

func main() {
	database, clock := cloudflare.Database("DB"), func() int64 { return time.Now().UnixMilli() }
	s := service.New(service.Options{
		Models:      store.NewModels(database, cloudflare.Objects("MODELS")),
		Federations: &federations.Service{Store: federations.NewStore(database), Now: clock},
		Signer:      federations.Signer{Key: []byte(runtime.Getenv("MEMBER_KEY")), Now: clock},
		Token:       runtime.Getenv("OWNER_TOKEN"),
		Allow:       cloudflare.Limiter("LIMITER"),
		Origins:     strings.Fields(runtime.Getenv("ALLOWED_ORIGINS")),
		Send:        cloudflare.Send,
		Log:         cloudflare.Log,
	})
	workers.ServeNonBlock(cloudflare.WholeBodies(s))
	cron.ScheduleTaskNonBlock(func(ctx context.Context) error {
		event, err := cron.NewEvent(ctx)
		if err != nil {
			return err
		}
		if event.Cron == daily {
			s.Clean(ctx, event.ScheduledTime)
		} else {
			s.Tick(ctx)
		}
		return nil
	})
	workers.Ready()
	<-workers.Done()
}
