select inst_id, date_format(minute, 'yyyy-MM-dd HH:mm') as minute, trade_count_1m as trades,
       round(close, 4) as close, round(vwap_1h, 8) as vwap_1h, trade_count_1h,
       round(vwap_4h, 8) as vwap_4h, trade_count_4h
  from (select *, row_number() over (partition by inst_id order by minute desc) as age from vwap_1m)
 where age <= 5 order by inst_id, minute
