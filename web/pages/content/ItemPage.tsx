import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { getItem } from "../../../modules/content/items-contract.ts";
import { itemQuery, publicationQuery } from "../../lib/content-queries.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ItemEditor } from "./ItemEditor.tsx";
import { Versions } from "./Versions.tsx";
import { TYPE_WORDS } from "./words.tsx";

/** One piece of content: its words, what readers will see of them, where it stands, and what it said before. */
export function ItemPage() {
  const organization = useOrganization();
  const { item: id } = useParams({ from: "/$organization/content/$item" });
  const place = { organization: organization.slug, item: id };
  const mayRead = may(organization, getItem);
  // What somebody writes is not replaced under their hands: saving tells when others have changed it.
  const item = useQuery({ ...itemQuery(place), enabled: mayRead, refetchOnWindowFocus: false });
  const publication = useQuery({ ...publicationQuery(place), enabled: mayRead });
  if (!mayRead)
    return (
      <Page title="Content">
        <EmptyState title="Your roles don't include content">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  return (
    <Page
      wide
      title={item.data?.name ?? "Content"}
      description={item.data && TYPE_WORDS[item.data.content_type]}
      above={
        <AnchorLink to="/$organization/content" params={{ organization: organization.slug }} search={{}} size="sm">
          Content
        </AnchorLink>
      }
    >
      <Loaded query={item}>
        {(row) => (
          <>
            <ItemEditor key={row.id} organization={organization} item={row} live={publication.data?.live} />
            <Versions organization={organization} item={row} live={publication.data?.live} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
