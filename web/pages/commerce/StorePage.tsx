import { Alert, Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { disconnectStore, syncStore } from "../../../modules/commerce/contract.ts";
import { call } from "../../lib/api.ts";
import { useFollowing } from "../../lib/follow-task.ts";
import { holdsForAll, may, useOrganization } from "../../lib/organization.ts";
import { statusOf } from "../../lib/problem.ts";
import { isOfShop, runsQuery, type Store, type StorePlace, shopKey, storeQuery } from "../../lib/shop-queries.ts";
import { isOver, taskQuery } from "../../lib/task-queries.ts";
import { useChanges } from "../../lib/use-changes.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { TaskProgress } from "../tasks/TaskProgress.tsx";
import { Orders } from "./Orders.tsx";
import { Products } from "./Products.tsx";
import { Syncs } from "./Syncs.tsx";
import { PLATFORMS, SEES_STORES, StoreState } from "./store-words.tsx";

const PARTS = [
  { value: "products", label: "Products" },
  { value: "orders", label: "Orders" },
  { value: "syncs", label: "Syncs" },
] as const;

/** One store: what it sells, who ordered, and how its syncs went. */
export function StorePage() {
  const organization = useOrganization();
  const { store: id } = useParams({ from: "/$organization/stores/$store" });
  const { part = "products" } = useSearch({ from: "/$organization/stores/$store" });
  const navigate = useNavigate();
  const place = { organization: organization.slug, store: id };
  const maySee = holdsForAll(organization, SEES_STORES);
  const store = useQuery({ ...storeQuery(place), enabled: maySee });
  useChanges(organization.slug, isOfShop, "shop");
  const above = (
    <AnchorLink to="/$organization/stores" params={{ organization: organization.slug }} size="sm">
      Stores
    </AnchorLink>
  );
  if (!maySee || statusOf(store.error) === 404)
    return (
      <Page title="Store" above={above}>
        <EmptyState title={maySee ? "There is no such store" : "Your roles don't include stores"}>
          {maySee ? "It may have been deleted." : `Ask an administrator of ${organization.name} for access.`}
        </EmptyState>
      </Page>
    );
  const { data } = store;
  return (
    <Page
      title={data?.name ?? "Store"}
      above={above}
      description={data && `${PLATFORMS[data.platform] ?? data.platform} · ${data.store_url}`}
      actions={data && may(organization, syncStore) && <Actions place={place} store={data} />}
    >
      <Loaded query={store}>
        {(found) => (
          <Stack gap="lg">
            <State store={found} />
            <SyncProgress place={place} />
            <SegmentedControl
              aria-label="What is shown"
              data={[...PARTS]}
              value={part}
              onChange={(value) =>
                navigate({
                  to: "/$organization/stores/$store",
                  params: place,
                  search: { part: PARTS.find((one) => one.value === value)?.value },
                  replace: true,
                })
              }
            />
            {part === "products" && <Products place={place} />}
            {part === "orders" && <Orders place={place} />}
            {part === "syncs" && <Syncs place={place} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Actions({ place, store }: { place: StorePlace; store: Store }) {
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: shopKey(place.organization) });
  const syncing = useMutation({
    mutationFn: () => call(syncStore, { params: place, body: { full: false } }),
    onSettled: refresh,
  });
  const disconnecting = useMutation({ mutationFn: () => call(disconnectStore, { params: place }), onSettled: refresh });
  if (store.status !== "active" && store.status !== "error") return null;
  const error = syncing.error ?? disconnecting.error;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button
          size="xs"
          loading={syncing.isPending || store.sync_status === "syncing"}
          onClick={() => syncing.mutate()}
        >
          Sync now
        </Button>
        <ConfirmButton
          label="Disconnect"
          of={store.name}
          question="Disconnect? Products and orders stay"
          isPending={disconnecting.isPending}
          onConfirm={() => disconnecting.mutate()}
        />
      </Group>
      {error && <ProblemAlert error={error} />}
    </Stack>
  );
}

function State({ store }: { store: Store }) {
  if (store.sync_error && store.status !== "inactive")
    return (
      <Alert
        color="red"
        title={store.status === "error" ? "The store does not accept its keys any more" : "The last sync failed"}
      >
        <Text size="sm">{store.sync_error}</Text>
      </Alert>
    );
  return (
    <Group gap="xs">
      <StoreState store={store} />
    </Group>
  );
}

/** How far the sync is that is under way. */
function SyncProgress({ place }: { place: StorePlace }) {
  const { organization } = place;
  const runs = useQuery(runsQuery(place));
  const [run] = runs.data?.items ?? [];
  const task = run?.status === "running" ? (run.task_id ?? "") : "";
  const found = useQuery({ ...taskQuery({ organization, task }), enabled: task !== "" });
  const isOpen = task !== "" && found.data !== undefined && !isOver(found.data.status);
  useFollowing({ organization, task }, isOpen);
  if (!isOpen || !found.data) return null;
  return <TaskProgress task={found.data} size="md" />;
}
