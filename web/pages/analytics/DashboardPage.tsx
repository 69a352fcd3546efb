import "@mantine/charts/styles.css";
import { AreaChart, BarChart } from "@mantine/charts";
import { SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import type { AnswerOf } from "../../../kernel/http/endpoint.ts";
import { readDashboard } from "../../../modules/analytics/contract.ts";
import { connectStore } from "../../../modules/commerce/contract.ts";
import { type DayRow, daysOf, eventDays } from "../../lib/dashboard-days.ts";
import { formatCount, formatCredits } from "../../lib/format.ts";
import { formatMoney, formatMoneyShort } from "../../lib/money.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { dashboardQuery } from "../../lib/shop-queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { Section } from "../../ui/Section.tsx";
import { Figure } from "./Figure.tsx";

type Dashboard = AnswerOf<typeof readDashboard>;

const HEIGHT_PX = 220;
const COLORS = ["blue.8", "teal.8", "grape.8", "orange.8", "cyan.8", "pink.8"];

/** How the organization does: figures of today and of the last 30 days. */
export function DashboardPage() {
  const organization = useOrganization();
  const isOpen = may(organization, readDashboard);
  const dashboard = useQuery({ ...dashboardQuery(organization.slug), enabled: isOpen });
  if (!isOpen)
    return (
      <Page title="Dashboard">
        <EmptyState title="Your roles don't include the dashboard">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  return (
    <Page title="Dashboard" description="The last 30 days, in UTC" wide>
      <Loaded query={dashboard}>
        {(data) => (isNew(data) ? <Nothing organization={organization} /> : <Figures data={data} />)}
      </Loaded>
    </Page>
  );
}

function isNew({ figures, orders, events, tasks }: Dashboard): boolean {
  return figures.stores + figures.total_products + orders.length + events.length + tasks.length === 0;
}

function Nothing({ organization }: { organization: Organization }) {
  const connect = may(organization, connectStore) && (
    <ButtonLink to="/$organization/stores/new" params={{ organization: organization.slug }}>
      Connect a store
    </ButtonLink>
  );
  return (
    <EmptyState title="Nothing to show yet" action={connect}>
      Connect a store, and its revenue and orders appear here. Events that your own programs send, and the tasks that
      models and people do, are counted here as well, day by day.
    </EmptyState>
  );
}

function Figures({ data }: { data: Dashboard }) {
  const { figures, currency } = data;
  const money = (amount: number) => formatMoney(amount, currency);
  const orders = daysOf(data, data.orders, (day) => ({ Orders: day?.orders ?? 0, Revenue: day?.revenue ?? 0 }));
  const tasks = daysOf(data, data.tasks, (day) => ({ Completed: day?.completed ?? 0, Failed: day?.failed ?? 0 }));
  const credits = daysOf(data, data.credits, (day) => ({ Credits: (day?.credits ?? 0) / 1_000_000 }));
  const events = eventDays(data, COLORS.length);
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
        <Figure
          name="Revenue"
          value={money(figures.revenue_30d)}
          about={figures.refunded_30d > 0 ? `${money(figures.refunded_30d)} paid back` : "last 30 days"}
        />
        <Figure name="Orders today" value={formatCount(figures.orders_today)} />
        <Figure name="Active customers" value={formatCount(figures.active_customers)} />
        <Figure
          name="Products"
          value={formatCount(figures.active_products)}
          about={`of ${formatCount(figures.total_products)}`}
        />
        <Figure
          name="Tasks done today"
          value={formatCount(figures.tasks_completed_today)}
          about={`${formatCount(figures.pending_tasks + figures.processing_tasks)} under way`}
        />
        <Figure
          name="Credits"
          value={formatCredits(figures.credits_available)}
          about={`${formatCredits(figures.credits_used_this_month)} used this month`}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Chart title="Revenue" rows={orders} series={["Revenue"]} format={money}>
          <AreaChart
            h={HEIGHT_PX}
            data={orders}
            dataKey="day"
            series={[{ name: "Revenue", color: "blue.8" }]}
            valueFormatter={(value) => formatMoneyShort(value, currency)}
            withDots={false}
            curveType="linear"
          />
        </Chart>
        <Bars title="Orders" rows={orders} series={["Orders"]} />
        <Bars title="Events" rows={events.rows} series={events.names} />
        <Bars title="Tasks" rows={tasks} series={["Completed", "Failed"]} colors={["teal.8", "red.8"]} />
        <Bars title="Credits used" rows={credits} series={["Credits"]} allowDecimals />
      </SimpleGrid>
    </Stack>
  );
}

type ChartProps = {
  title: string;
  rows: DayRow[];
  series: string[];
  format?: (value: number) => string;
  children: ReactNode;
};

/** A chart with a table of the same for who does not see it. */
function Chart({ title, rows, series, format = formatCount, children }: ChartProps) {
  const id = useId();
  const isEmpty = rows.every((row) => series.every((name) => !row[name]));
  return (
    <Section title={title}>
      {isEmpty ? (
        <Text c="dimmed" size="sm">
          Nothing in these 30 days.
        </Text>
      ) : (
        <>
          <div aria-hidden="true">{children}</div>
          <div className="visually-hidden">
            <table aria-labelledby={id}>
              <caption id={id}>{title} by day</caption>
              <thead>
                <tr>
                  <th scope="col">Day</th>
                  {series.map((name) => (
                    <th scope="col" key={name}>
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.day}>
                    <th scope="row">{row.day}</th>
                    {series.map((name) => (
                      <td key={name}>{format(Number(row[name] ?? 0))}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Section>
  );
}

type BarsProps = Omit<ChartProps, "children"> & { colors?: string[]; allowDecimals?: boolean };

function Bars({ title, rows, series, colors = COLORS, allowDecimals = false }: BarsProps) {
  return (
    <Chart title={title} rows={rows} series={series}>
      <BarChart
        h={HEIGHT_PX}
        data={rows}
        dataKey="day"
        type="stacked"
        series={series.map((name, place) => ({ name, color: colors[place] ?? "gray.6" }))}
        withLegend={series.length > 1}
        legendProps={{ verticalAlign: "bottom" }}
        valueFormatter={formatCount}
        yAxisProps={{ allowDecimals }}
      />
    </Chart>
  );
}
