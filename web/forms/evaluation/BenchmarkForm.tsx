import { Input, MultiSelect, NumberInput, Select, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type Metric, MetricName, setUpBenchmark } from "../../../modules/evaluation/contract.ts";
import { call } from "../../lib/api.ts";
import { evaluationKey, membersQuery, nameOf } from "../../lib/evaluation.ts";
import { METRIC_WORDS } from "../../pages/evaluation/words.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { GoldField } from "./GoldField.tsx";

const METRICS = MetricName.options.map((value) => ({ value, label: METRIC_WORDS[value] }));

type Values = {
  name: string;
  description: string;
  main: Metric;
  others: Metric[];
  daily_quota: number | string;
  public_percentage: number | string;
  /** As the browser writes it, in the time of this device: `2027-01-31T18:00`. */
  deadline: string;
  participants: string[];
  /** The version of the dataset that was uploaded. */
  version_id: string;
};

/** Sets up a benchmark: its items with gold answers, how it is measured, and who takes part. */
export function BenchmarkForm({ organization }: { organization: string }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const members = useQuery(membersQuery(organization));
  const form = useForm<Values>({
    initialValues: {
      name: "",
      description: "",
      main: "f1_macro",
      others: ["accuracy"],
      daily_quota: 5,
      public_percentage: 100,
      deadline: "",
      participants: [],
      version_id: "",
    },
    validate: {
      name: (name) => (name.trim() === "" ? "Give the benchmark a name." : null),
      version_id: (version) => (version === "" ? "Upload the items with their answers first." : null),
    },
  });
  const creation = useMutation({
    mutationFn: ({ main, others, deadline, daily_quota, public_percentage, ...values }: Values) => {
      const metrics = [main, ...others.filter((other) => other !== main)];
      const body = {
        ...values,
        metrics,
        daily_quota: daily_quota === "" ? null : Number(daily_quota),
        total_quota: null,
        public_percentage: Number(public_percentage),
        deadline: deadline === "" ? null : new Date(deadline).toISOString(),
      };
      return call(setUpBenchmark, { params: { organization }, body });
    },
    onSuccess: ({ id }) => {
      queryClient.invalidateQueries({ queryKey: evaluationKey(organization) });
      return navigate({ to: "/$organization/benchmarks/$benchmark", params: { organization, benchmark: id } });
    },
  });
  return (
    <FormShell form={form} mutation={creation} submitLabel="Create benchmark">
      <TextInput label="Name" maxLength={200} dir="auto" {...form.getInputProps("name")} />
      <Textarea
        label="Description"
        description="What is to be predicted, and which labels there are."
        autosize
        minRows={2}
        maxRows={12}
        maxLength={50_000}
        dir="auto"
        {...form.getInputProps("description")}
      />
      <Input.Wrapper
        label="Items with gold answers"
        labelElement="div"
        description="The answers are kept where nobody who takes part can read them, nor can you."
        error={form.errors.version_id}
      >
        <GoldField organization={organization} onUpload={(version) => form.setFieldValue("version_id", version)} />
      </Input.Wrapper>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select label="Ranked by" data={METRICS} allowDeselect={false} {...form.getInputProps("main")} />
        <MultiSelect
          label="Also measured"
          description="The first of them decides between equals."
          inputWrapperOrder={["label", "input", "description", "error"]}
          data={METRICS.filter(({ value }) => value !== form.values.main)}
          {...form.getInputProps("others")}
        />
        <NumberInput
          label="Submissions a day"
          description="Of each participant; any number where it is empty."
          inputWrapperOrder={["label", "input", "description", "error"]}
          min={1}
          allowDecimal={false}
          {...form.getInputProps("daily_quota")}
        />
        <NumberInput
          label="Public part, in percent"
          description="The rest is scored too, and shown when the benchmark is closed."
          inputWrapperOrder={["label", "input", "description", "error"]}
          min={0}
          max={100}
          allowDecimal={false}
          {...form.getInputProps("public_percentage")}
        />
        <TextInput type="datetime-local" label="Deadline" {...form.getInputProps("deadline")} />
      </SimpleGrid>
      <MultiSelect
        label="Who takes part"
        description="Others can be let in later."
        searchable
        data={(members.data?.items ?? []).map((member) => ({ value: member.user_id, label: nameOf(member) }))}
        {...form.getInputProps("participants")}
      />
    </FormShell>
  );
}
