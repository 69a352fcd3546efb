import { Badge, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { writeDescription } from "../../../modules/content/descriptions-contract.ts";
import { formatCount } from "../../lib/format.ts";
import { formatMoney } from "../../lib/money.ts";
import { holdsForAll, may, useOrganization } from "../../lib/organization.ts";
import { statusOf } from "../../lib/problem.ts";
import { isOfShop, type Product, productQuery } from "../../lib/shop-queries.ts";
import { useChanges } from "../../lib/use-changes.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { Section } from "../../ui/Section.tsx";
import { DescriptionWriter } from "./DescriptionWriter.tsx";
import { SEES_STORES, wordsOf } from "./store-words.tsx";

/** One product: what is known of it, and a model that writes about it. */
export function ProductPage() {
  const organization = useOrganization();
  const { product: id } = useParams({ from: "/$organization/products/$product" });
  const maySee = holdsForAll(organization, SEES_STORES);
  const product = useQuery({ ...productQuery({ organization: organization.slug, product: id }), enabled: maySee });
  useChanges(organization.slug, isOfShop, "shop");
  const store = product.data?.store_id;
  const params = { organization: organization.slug };
  const above = store ? (
    <AnchorLink to="/$organization/stores/$store" params={{ ...params, store }} search={{}} size="sm">
      Store
    </AnchorLink>
  ) : (
    <AnchorLink to="/$organization/stores" params={params} size="sm">
      Stores
    </AnchorLink>
  );
  if (!maySee || statusOf(product.error) === 404)
    return (
      <Page title="Product" above={above}>
        <EmptyState title={maySee ? "There is no such product" : "Your roles don't include products"}>
          {maySee ? "It may have been deleted." : `Ask an administrator of ${organization.name} for access.`}
        </EmptyState>
      </Page>
    );
  return (
    <Page
      title={product.data?.name ?? "Product"}
      above={above}
      description={product.data && <Facts product={product.data} />}
    >
      <Loaded query={product}>
        {(found) => (
          <Stack gap="lg">
            <Section
              title="Description"
              actions={found.ai_description_generated && <Badge color="gray.7">Written by a model</Badge>}
            >
              <Description html={found.description} />
            </Section>
            {may(organization, writeDescription) && <DescriptionWriter organization={organization} product={found} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Facts({ product }: { product: Product }) {
  const { status, sku, category, vendor, price, currency, track_inventory, inventory_quantity } = product;
  const facts = [
    wordsOf(status),
    sku,
    category,
    vendor,
    price !== null && formatMoney(Number(price), currency),
    track_inventory && `${formatCount(Number(inventory_quantity))} in stock`,
  ];
  return <>{facts.filter(Boolean).join(" · ")}</>;
}

/** Its words alone: what a store says is no page of ours. */
function Description({ html }: { html: string | null }) {
  if (!html) return <Text c="dimmed">It has none yet.</Text>;
  const page = new DOMParser().parseFromString(html.replaceAll(/<\/(p|div|li|h\d)>|<br\s*\/?>/gi, "$&\n"), "text/html");
  return (
    <Text dir="auto" style={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }} maw="70ch">
      {page.body.textContent?.replaceAll(/\n\s*\n\s*/g, "\n\n").trim()}
    </Text>
  );
}
