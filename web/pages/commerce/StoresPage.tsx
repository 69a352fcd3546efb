import { useQuery } from "@tanstack/react-query";
import { connectStore } from "../../../modules/commerce/contract.ts";
import { holdsForAll, may, useOrganization } from "../../lib/organization.ts";
import { isOfShop, type Store, storesQuery } from "../../lib/shop-queries.ts";
import { useChanges } from "../../lib/use-changes.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";
import { PLATFORMS, SEES_STORES, StoreState } from "./store-words.tsx";

/** The stores that the organization sells through. */
export function StoresPage() {
  const organization = useOrganization();
  const maySee = holdsForAll(organization, SEES_STORES);
  const stores = useQuery({ ...storesQuery(organization.slug), enabled: maySee });
  useChanges(organization.slug, isOfShop, "shop");
  const mayConnect = may(organization, connectStore);
  const connect = mayConnect && (
    <ButtonLink to="/$organization/stores/new" params={{ organization: organization.slug }}>
      Connect a store
    </ButtonLink>
  );
  if (!maySee)
    return (
      <Page title="Stores">
        <EmptyState title="Your roles don't include stores">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  return (
    <Page
      title="Stores"
      description="Where you sell: products and orders come from there"
      actions={stores.data?.items.length !== 0 && connect}
    >
      <Loaded query={stores}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No store yet" action={connect}>
              {mayConnect
                ? "Connect a store made with WooCommerce or Shopify. Its products and orders are taken over at once, every hour, and whenever the store tells of a change."
                : `Somebody who may connect stores in ${organization.name} has to connect the first one.`}
            </EmptyState>
          ) : (
            <Section title="Connected stores">
              <Rows label="Stores">
                {items.map((store) => (
                  <StoreRow key={store.id} store={store} organization={organization.slug} />
                ))}
              </Rows>
            </Section>
          )
        }
      </Loaded>
    </Page>
  );
}

function StoreRow({ store, organization }: { store: Store; organization: string }) {
  return (
    <Row
      title={
        <AnchorLink to="/$organization/stores/$store" params={{ organization, store: store.id }} search={{}} fw={600}>
          {store.name}
        </AnchorLink>
      }
      about={`${PLATFORMS[store.platform] ?? store.platform} · ${store.store_url.replace(/^https?:\/\//, "")} · ${store.currency}`}
    >
      <StoreState store={store} />
    </Row>
  );
}
