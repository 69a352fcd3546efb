import { NumberInput, PasswordInput, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { AnswerOf } from "../../../kernel/http/endpoint.ts";
import { connectStore } from "../../../modules/commerce/contract.ts";
import { call } from "../../lib/api.ts";
import { shopKey } from "../../lib/shop-queries.ts";
import { FormShell } from "../../ui/FormShell.tsx";

type Platform = "woocommerce" | "shopify";
type Props = { organization: string; onConnected: (connected: AnswerOf<typeof connectStore>) => void };

const EMPTY = {
  name: "",
  store_url: "",
  rate: "" as number | "",
  consumer_key: "",
  consumer_secret: "",
  access_token: "",
  webhook_secret: "",
};
type Values = typeof EMPTY & { platform: Platform };

const WHERE: Record<Platform, string> = {
  woocommerce:
    "In WordPress open WooCommerce → Settings → Advanced → REST API and add a key with the permission Read/Write. Paste what it shows once.",
  shopify:
    "In the Shopify admin open Settings → Apps and sales channels → Develop apps, make an app, and give it the Admin API scopes read_products, write_products, read_orders and read_customers. Install it and paste its token.",
};

function bodyOf({ platform, name, store_url, rate, ...keys }: Values) {
  const common = { name, store_url, ...(rate !== "" && { rate }) };
  if (platform === "woocommerce")
    return { platform, ...common, consumer_key: keys.consumer_key, consumer_secret: keys.consumer_secret };
  return {
    platform,
    ...common,
    access_token: keys.access_token,
    ...(keys.webhook_secret !== "" && { webhook_secret: keys.webhook_secret }),
  };
}

/** Connects a store; what to paste stands beside where it is found. */
export function StoreForm({ organization, onConnected }: Props) {
  const queryClient = useQueryClient();
  const form = useForm<Values>({
    initialValues: { platform: "woocommerce", ...EMPTY },
    validate: {
      name: (name) => (name.trim() === "" ? "Give it a name." : null),
      store_url: (url) => (url.trim() === "" ? "Give its address." : null),
    },
  });
  const connecting = useMutation({
    mutationFn: (values: Values) => call(connectStore, { params: { organization }, body: bodyOf(values) }),
    onSuccess: (connected) => {
      queryClient.invalidateQueries({ queryKey: shopKey(organization) });
      onConnected(connected);
    },
  });
  const { platform } = form.values;
  return (
    <FormShell form={form} mutation={connecting} submitLabel="Connect">
      <SegmentedControl
        aria-label="Platform"
        data={[
          { value: "woocommerce", label: "WooCommerce" },
          { value: "shopify", label: "Shopify" },
        ]}
        {...form.getInputProps("platform")}
      />
      <TextInput
        label="Name"
        description="As you call it here."
        maxLength={200}
        dir="auto"
        {...form.getInputProps("name")}
      />
      <TextInput
        label="Address of the store"
        placeholder={platform === "woocommerce" ? "https://shop.example.com" : "https://your-store.myshopify.com"}
        maxLength={500}
        {...form.getInputProps("store_url")}
      />
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {WHERE[platform]}
        </Text>
        {platform === "woocommerce" ? (
          <>
            <TextInput
              label="Consumer key"
              placeholder="ck_…"
              autoComplete="off"
              {...form.getInputProps("consumer_key")}
            />
            <PasswordInput
              label="Consumer secret"
              placeholder="cs_…"
              autoComplete="off"
              {...form.getInputProps("consumer_secret")}
            />
          </>
        ) : (
          <>
            <PasswordInput
              label="Admin API access token"
              placeholder="shpat_…"
              autoComplete="off"
              {...form.getInputProps("access_token")}
            />
            <PasswordInput
              label="API secret key"
              description="What the store signs webhooks with. Without it, changes come with each sync."
              autoComplete="off"
              {...form.getInputProps("webhook_secret")}
            />
          </>
        )}
      </Stack>
      {form.errors.rate && (
        <NumberInput
          label="Rate"
          description="What one of the store's currency is worth in yours."
          min={0}
          decimalScale={6}
          maw={240}
          {...form.getInputProps("rate")}
        />
      )}
    </FormShell>
  );
}
