import { Badge } from "@mantine/core";
import type { Status } from "../../../modules/content/contract.ts";
import type { ContentType } from "../../../modules/content/items-contract.ts";

/** Where content stands, in words. */
export const STATUS_WORDS: Record<Status, string> = {
  draft: "Draft",
  in_progress: "In progress",
  review: "In review",
  approved: "Approved",
  published: "Published",
  archived: "Archived",
};

const COLORS: Record<Status, string> = {
  draft: "gray",
  in_progress: "blue",
  review: "orange",
  approved: "teal",
  published: "green",
  archived: "gray",
};

/** What content is, in words. */
export const TYPE_WORDS: Record<ContentType, string> = {
  page: "Page",
  blog_post: "Blog post",
  documentation: "Documentation",
  landing_page: "Landing page",
  newsletter: "Newsletter",
  product_description: "Product description",
  email_campaign: "E-mail campaign",
  social_post: "Social post",
  video_script: "Video script",
  ad_copy: "Ad copy",
  template: "Template",
};

export function ItemStatus({ status }: { status: Status }) {
  return (
    <Badge variant="light" color={COLORS[status]} tt="none">
      {STATUS_WORDS[status]}
    </Badge>
  );
}
