import { Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ContentType, createItem } from "../../../modules/content/items-contract.ts";
import { call } from "../../lib/api.ts";
import { contentKey, itemQuery } from "../../lib/content-queries.ts";
import { slugOf } from "../../lib/slug.ts";
import { isGiven } from "../../lib/validation.ts";
import { TYPE_WORDS } from "../../pages/content/words.tsx";
import { FormShell } from "../../ui/FormShell.tsx";

const TYPES = Object.entries(TYPE_WORDS).map(([value, label]) => ({ value, label }));

/** Begins a piece of content, and opens it. */
export function NewItemForm({ organization }: { organization: string }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { title: "", content_type: "page" as ContentType },
    validate: { title: isGiven },
  });
  const creation = useMutation({
    mutationFn: ({ title, content_type }: typeof form.values) => {
      const body = { content_type, name: title, title, slug: slugOf(title) || null };
      return call(createItem, { params: { organization }, body });
    },
    onSuccess: (item) => {
      queryClient.setQueryData(itemQuery({ organization, item: item.id }).queryKey, item);
      void queryClient.invalidateQueries({ queryKey: [...contentKey(organization), "list"] });
      return navigate({ to: "/$organization/content/$item", params: { organization, item: item.id } });
    },
  });
  return (
    <FormShell form={form} mutation={creation} submitLabel="Create">
      <TextInput
        label="Title"
        required
        withAsterisk={false}
        maxLength={300}
        dir="auto"
        {...form.getInputProps("title")}
      />
      <Select label="Kind" data={TYPES} allowDeselect={false} {...form.getInputProps("content_type")} />
    </FormShell>
  );
}
